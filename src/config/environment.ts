import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** A setting is wrong. The message is one line: it names the setting and says what it takes. */
export class ConfigError extends Error {}

/** Settings that are secret or carry one. NAME_FILE may name a file with the value, as Docker and Kubernetes do. */
export const SECRETS = [
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'DATABASE_READ_URL',
  'DATABASE_PASSWORD',
  'REDIS_URL',
  'REDIS_PASSWORD',
  'REDIS_SENTINELS',
  'REDIS_SENTINEL_PASSWORD',
  'REDIS_CLUSTER_NODES',
  'OPENAI_API_KEY',
  'TMDB_API_KEY',
  'ADMIN_TOKEN',
  'ADMIN_TOKEN_PREVIOUS',
  'MOVIEMIND_TOKEN',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_EXPORTER_OTLP_TRACES_HEADERS',
];

/**
 * The settings without surrounding blanks and line ends. A setting that is then empty counts as not set. Secrets that
 * stand in files are read, and have their own names.
 * @throws ConfigError when a file of a secret cannot be read, or when the secret is given twice
 */
export function given(environment: NodeJS.ProcessEnv): Record<string, string> {
  const trimmed = Object.entries(environment).map(([name, value]) => [name, value?.trim() ?? ''] as const);
  const settings = Object.fromEntries(trimmed.filter(([, value]) => value !== ''));
  for (const name of SECRETS) {
    const { [`${name}_FILE`]: file } = settings;
    if (file === undefined) continue;
    if (name in settings) throw new ConfigError(`${name} and ${name}_FILE exclude each other: set one`);
    delete settings[`${name}_FILE`];
    settings[name] = secretIn(file, name);
  }
  return settings;
}

/** An error names the file, never what is in it. */
function secretIn(file: string, name: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new ConfigError(`${name}_FILE: cannot read ${file} (${(error as NodeJS.ErrnoException).code})`);
  }
  if (text === '') throw new ConfigError(`${name}_FILE: ${file} is empty`);
  return text;
}

/**
 * Adds the settings of the file `.env` in the working folder to the environment. A variable of the environment wins.
 * @returns the names that the file set; empty without a file
 * @throws ConfigError when the file cannot be read
 */
export function readEnvFile(environment: NodeJS.ProcessEnv = process.env): string[] {
  const known = given(environment);
  const file = given(parseEnv(textOf('.env')));
  const names = Object.keys(file).filter((name) => !(name in known));
  for (const name of names) environment[name] = file[name];
  return names;
}

function textOf(file: string): string {
  try {
    // Some editors write a byte order mark at the start, which would become part of the first name.
    return readFileSync(file, 'utf8').replace(/^\ufeff/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return '';
    throw new ConfigError(`cannot read the file .env in this folder (${code}): mend it or move it away`);
  }
}

/** Adds to an error message that .env set the setting: the user would not find it in the environment. */
export function withOrigin(message: string, fromFile: string[]): string {
  const name = /^[A-Z][A-Z_]+/.exec(message)?.[0];
  return name && fromFile.includes(name) ? `${message} (it is set in .env)` : message;
}
