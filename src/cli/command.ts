import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Scope } from '../access/scopes.js';
import type { Client } from './client.js';
import type { ConnectOptions } from './connect.js';
import { CliError } from './errors.js';
import { most } from './values.js';

/** Says what a command does and, in its own help alone, the scope of the key that it needs. */
export const told = (command: Command, does: string, scope: Scope) =>
  command.summary(does).description(`${does} (needs a key of scope ${scope}, but not in DATA_DIR)`);

const meant = new WeakSet<Command>();

/** The command that its group means without a word. */
export function addDefault(group: Command, name: string): Command {
  const command = group.command(name, { isDefault: true });
  meant.add(command);
  return command;
}

export const isDefault = (command: Command) => meant.has(command);

/** A command and all below it. */
export const commandsOf = (command: Command): Command[] => [command, ...command.commands.flatMap(commandsOf)];

/** What `--help` shows at its end. */
export const examples = (...lines: string[]) =>
  `\n${lines.length > 1 ? 'Examples' : 'Example'}:\n${lines.map((line) => `  $ npx moviemind ${line}`).join('\n')}`;

/** An option that takes one of these words, in capitals or not. */
export const wordOption = (flags: string, description: string, words: readonly string[]) =>
  new Option(flags, description).choices(words).argParser((text) => {
    const word = words.find((one) => one.toLowerCase() === text.toLowerCase());
    if (word === undefined) throw new InvalidArgumentError(`Allowed choices are ${words.join(', ')}.`);
    return word;
  });

/** How much of a list is shown. */
export const addListOptions = (command: Command) =>
  command
    .option('--limit <n>', 'how many, the newest first', most, 20)
    .option('--all', 'all of them')
    .option('--json', 'print JSON');

/** For commands that need no server. @throws CliError when one is named */
export function refuseServerOptions(command: Command, name: string): void {
  const { url, token } = command.optsWithGlobals<ConnectOptions>();
  if (url ?? token)
    throw new CliError(`${name} works on the database itself (DATABASE_URL, DATA_DIR): leave out --url and --token`);
}

type Action<Options, Args extends unknown[]> = (client: Client, options: Options, ...args: Args) => Promise<number>;

/** The action of a command that asks a server. It returns the exit code. */
export const served =
  <Options, Args extends unknown[] = []>(action: Action<Options, Args>) =>
  (...given: unknown[]): Promise<void> => {
    const command = given.at(-1) as Command;
    return onServer<Options>(command, (client, options) => action(client, options, ...(command.processedArgs as Args)));
  };

/**
 * Runs something against the server that the options of the program name. Options of a group, such as --json, are found
 * before and behind the name of its command.
 */
export async function onServer<Options>(
  command: Command,
  run: (client: Client, options: Options) => Promise<number>,
): Promise<void> {
  // Imported only here: --help needs none of it.
  const [{ connect }, { interruption }] = await Promise.all([import('./connect.js'), import('./interruption.js')]);
  const options = command.optsWithGlobals<Options & ConnectOptions>();
  process.exitCode = await connect(options, interruption(), (client) => run(client, options));
}
