import type { Command } from 'commander';
import type { BackupOptions } from '../backup.js';
import type { VerifyOptions } from '../backup-verify.js';
import { examples, refuseServerOptions } from '../command.js';
import { interruption } from '../interruption.js';
import type { RestoreOptions } from '../restore.js';
import { days, kept } from '../values.js';

const HELP = `
Takes pg_dump of the server's version or newer. Works on the database of
DATABASE_URL, else on the embedded one of DATA_DIR.
`;

export function addBackup(program: Command): void {
  const commands = program
    .command('backup')
    .description('a dump of the database and what is known of it, made while everything runs')
    .option('--out <path>', 'folder or file (default: the folder backups)')
    .option('--keep <n>', 'keep the newest n backups of this deployment in that folder', kept)
    .option('--keep-days <n>', 'keep those that are younger', days)
    .option('--json', 'print JSON')
    .addHelpText('after', HELP + examples('backup --out /backups --keep 14', 'backup verify /backups'))
    .action(
      onDatabase<BackupOptions>(async (options, signal) => (await import('../backup.js')).backup(options, signal)),
    );
  commands
    .command('list')
    .description('the backups of a folder, the newest first')
    .argument('[folder]', 'default: backups')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('backup list /backups'))
    .action(
      onDatabase<object, [folder?: string]>(async (options, _, folder) =>
        (await import('../backup-list.js')).listBackups(folder, options),
      ),
    );
  commands
    .command('verify')
    .description('restores a backup into a database of its own, asks whether all of it holds, and drops that again')
    .argument('<path>', 'the dump, or a folder: its newest one')
    .option('--scratch-url <url>', 'a server where databases may be made (default: that of DATABASE_URL)')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('backup verify /backups'))
    .action(
      onDatabase<VerifyOptions, [path: string]>(async (options, signal, path) =>
        (await import('../backup-verify.js')).verifyBackup(path, options, signal),
      ),
    );
}

export function addRestore(program: Command): void {
  program
    .command('restore')
    .description('brings a backup into an empty database, all of it or nothing')
    .argument('<path>', 'the dump, or a folder: its newest one')
    .option('--yes', 'ask nothing; a database that is not empty is refused all the same')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('restore backups'))
    .action(
      onDatabase<RestoreOptions, [path: string]>(async (options, signal, path) =>
        (await import('../restore.js')).restore(path, options, signal),
      ),
    );
}

type Action<Options, Args extends unknown[]> = (
  options: Options,
  signal: AbortSignal,
  ...args: Args
) => Promise<number> | number;

/** The action of a command that needs no server. What it does is loaded when it is called. */
const onDatabase =
  <Options, Args extends unknown[] = []>(action: Action<Options, Args>) =>
  async (...given: unknown[]): Promise<void> => {
    const command = given.at(-1) as Command;
    refuseServerOptions(command, command.name());
    const options = command.optsWithGlobals<Options & object>();
    process.exitCode = await action(options, interruption(), ...(command.processedArgs as Args));
  };
