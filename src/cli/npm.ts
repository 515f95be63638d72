import { CliError } from './errors.js';

/** Scripts and runners in which npm reads the options of the command as its own. */
const RUNNERS = ['cli', 'moviemind', 'npx'];
/** Settings that npm has itself. They may be in the user's .npmrc, where they do not concern this command. */
const OF_NPM = ['json', 'scope'];

/**
 * Without `--` npm keeps the options: `npm run cli generate movie Heat --year 1995` would ask for a film of any year.
 * @param options long names of all options, without dashes
 * @throws CliError that names those that npm has taken
 */
export function refuseTakenOptions(options: readonly string[], env: NodeJS.ProcessEnv): void {
  if (!RUNNERS.includes(env.npm_lifecycle_event ?? '')) return;
  const isTaken = (name: string) => Boolean(env[`npm_config_${name.replaceAll('-', '_')}`]);
  const taken = [...new Set(options)].filter(isTaken).map((name) => `--${name}`);
  const certain = taken.filter((name) => !OF_NPM.includes(name.slice(2)));
  const message = `npm has taken ${taken.join(', ')} for itself: write npx moviemind …, or npm run cli -- …`;
  if (certain.length > 0) throw new CliError(message);
  if (taken.length > 0) process.stderr.write(`moviemind: ${message}\n`);
}
