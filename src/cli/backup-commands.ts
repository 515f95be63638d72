import { type Command, InvalidArgumentError } from 'commander';
import type { BackupOptions } from './backup.js';
import type { VerifyOptions } from './backup-verify.js';
import { CliError } from './errors.js';
import { interruption } from './interruption.js';
import type { RestoreOptions } from './restore.js';

const MOST = 3650;

const count = (text: string) => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > MOST) throw new InvalidArgumentError(`takes 1..${MOST}`);
  return value;
};

/** Adds `backup` and `restore`. What they do is imported when they are called: the others start faster. */
export function addBackupCommands(program: Command): void {
  const onDatabase = async (run: (signal: AbortSignal) => Promise<number> | number) => {
    const { url, token } = program.opts<{ url?: string; token?: string }>();
    if (url ?? token)
      throw new CliError('this works on the database itself (DATABASE_URL, DATA_DIR): leave out --url and --token');
    process.exitCode = await run(interruption());
  };
  addBackup(program, onDatabase);
  program
    .command('restore')
    .description('brings a backup into an empty database, all of it or nothing')
    .argument('<path>', 'the dump, or a folder: its newest one')
    .option('--yes', 'ask nothing; a database that is not empty is refused all the same')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ DATABASE_URL=postgres://… npx moviemind restore backups')
    .action((path: string, options: RestoreOptions) =>
      onDatabase(async (signal) => (await import('./restore.js')).restore(path, options, signal)),
    );
}

type OnDatabase = (run: (signal: AbortSignal) => Promise<number> | number) => Promise<void>;

function addBackup(program: Command, onDatabase: OnDatabase): void {
  const commands = program
    .command('backup')
    .description('a dump of the database and what is known of it, made while everything runs')
    .option('--out <path>', 'folder or file (default: the folder backups)')
    .option('--keep <n>', 'keep the newest n backups of this deployment in that folder', count)
    .option('--keep-days <n>', 'keep those that are younger', count)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Takes pg_dump of the server's version or newer. Works on the database of
DATABASE_URL, else on the embedded one of DATA_DIR.

Examples:
  $ npx moviemind backup --out /backups --keep 14
  $ npx moviemind backup list /backups
  $ npx moviemind backup verify /backups`,
    )
    .action((options: BackupOptions) =>
      onDatabase(async (signal) => (await import('./backup.js')).backup(options, signal)),
    );
  commands
    .command('list')
    .description('the backups of a folder, the newest first')
    .argument('[folder]', 'default: backups')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ npx moviemind backup list /backups')
    .action((folder: string | undefined, _: object, command: Command) =>
      onDatabase(async () => (await import('./backup-list.js')).listBackups(folder, command.optsWithGlobals())),
    );
  commands
    .command('verify')
    .description('restores a backup into a database of its own, asks whether all of it holds, and drops that again')
    .argument('<path>', 'the dump, or a folder: its newest one')
    .option('--scratch-url <url>', 'a server where databases may be made (default: that of DATABASE_URL)')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ npx moviemind backup verify /backups')
    .action((path: string, _: object, command: Command) =>
      onDatabase(async (signal) => {
        const { verifyBackup } = await import('./backup-verify.js');
        return verifyBackup(path, command.optsWithGlobals<VerifyOptions>(), signal);
      }),
    );
}
