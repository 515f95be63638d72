import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** A setting is wrong. The message is one line: it names the setting and says what it takes. */
export class ConfigError extends Error {}

/** The settings without surrounding blanks and line ends. A setting that is then empty counts as not set. */
export function given(environment: NodeJS.ProcessEnv): Record<string, string> {
  const trimmed = Object.entries(environment).map(([name, value]) => [name, value?.trim() ?? ''] as const);
  return Object.fromEntries(trimmed.filter(([, value]) => value !== ''));
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
