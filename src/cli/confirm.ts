import { createInterface } from 'node:readline/promises';
import { once } from 'node:events';
import { CliError } from './errors.js';

/**
 * Asks before much is destroyed. Where nobody can be asked, --yes has to say it.
 * @param what what would be done, such as "forget 12 failed jobs"
 * @returns whether it is to be done
 * @throws CliError without a terminal and without --yes
 */
export async function isConfirmed(what: string, yes: boolean, signal: AbortSignal): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new CliError(`this would ${what}, and there is no terminal to ask on: say --yes`);
  // `terminal: false`: Ctrl-C then ends the command as it does elsewhere.
  const terminal = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    const answer = terminal.question(`This will ${what}. Go on? [y/N] `, { signal });
    const given = await Promise.race([answer, once(terminal, 'close').then(() => 'no')]);
    return /^y(es)?$/i.test(given.trim());
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    terminal.close();
  }
}
