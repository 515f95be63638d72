import { version } from 'moviemind-command/node.js';
import { SETTINGS } from './config.js';
import { ConfigError } from './environment.js';

/**
 * Answers `--help` and `--version`, and then ends the process.
 * @param most how many other arguments the program accepts
 * @returns those arguments
 * @throws ConfigError for any other: a setting given as an argument would be ignored silently
 */
export function takeArguments(args: string[], help: () => string, most = 0): string[] {
  if (args.some((arg) => arg === '--help' || arg === '-h')) answer(help());
  if (args.some((arg) => arg === '--version' || arg === '-V')) answer(version);
  const wrong = args.find((arg, place) => arg.startsWith('-') || place >= most);
  if (wrong === undefined) return args;
  const name = wrong.replace(/^-+/, '').split('=', 1)[0]!.replaceAll('-', '_').toUpperCase();
  // The value may be a secret, so it is not repeated.
  const example = name in SETTINGS ? `, as in ${name}=… npm start` : '';
  throw new ConfigError(
    `unknown argument ${wrong.split('=', 1)[0]}: settings are environment variables${example} (--help)`,
  );
}

function answer(text: string): never {
  console.log(text);
  process.exit(0);
}
