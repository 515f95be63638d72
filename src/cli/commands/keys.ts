import { type Command, Option } from 'commander';
import { SCOPES } from '../../access/scopes.js';
import { examples, refuseServerOptions } from '../command.js';
import type { NewKey } from '../keys.js';
import type { OutputOptions } from '../options.js';
import { days, expiry, rate, tokens } from '../values.js';

const HELP = `
Works on the database of DATABASE_URL, else on the embedded one of DATA_DIR,
whether a server runs on it or not; so it takes no --url and no --token.
`;

const CREATE_HELP = `
Scopes:
  generate  ask for texts, and see, cancel and retry the jobs of the project
  read      see the jobs of the project; films and people too, where
            PUBLIC_READS=false; export them
  edit      write and correct texts and facts, hide, remove
  admin     everything, everybody's jobs and /admin included, without limits
`;
const CREATE_EXAMPLES = [
  'keys create --name website --scope generate --scope read',
  'keys create --name trial --scope generate --days 30 --json',
  'keys create --name guest --scope generate --daily-tokens 50000',
];

export function addKeys(program: Command): void {
  const keys = program
    .command('keys')
    .description('who may call: makes, shows and revokes keys')
    .addHelpText('after', HELP + examples('keys create --name website --scope generate'));
  addCreate(keys);
  keys
    .command('list')
    .description('all keys, the newest first, with when they were last used')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('keys list'))
    .action((options: OutputOptions, command: Command) => withKeys(command, ({ listKeys }) => listKeys(options)));
  keys
    .command('revoke')
    .description('ends a key for good; running servers refuse it within a second')
    .argument('<id>', 'id of the key, as keys list shows it')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('keys revoke 019ab1d2-7c3e-7000-8000-0a1b2c3d4e5f'))
    .action((id: string, options: OutputOptions, command: Command) =>
      withKeys(command, ({ revokeKey }) => revokeKey(id, options)),
    );
}

function addCreate(keys: Command): void {
  const scope = new Option(
    '--scope <scope...>',
    'what it may do, once or more: generate, read, edit, or all that operators do',
  );
  keys
    .command('create')
    .description('makes a key and shows it, this one time')
    .requiredOption('--name <name>', 'for you to tell keys apart, 1..100 characters')
    .addOption(scope.choices(SCOPES).makeOptionMandatory())
    .option('--days <n>', 'how long it is valid (default: until it is revoked)', days)
    .option('--expires <when>', 'the same: a day, or a number of days such as 90d', expiry)
    .option('--project <name>', 'keys of a project see its jobs and batches (default: "default")')
    .option('--rate-limit <n>', 'requests for texts a minute (default: RATE_LIMIT_GENERATE)', rate)
    .option('--daily-tokens <n>', 'tokens its jobs may use a day, UTC; then they wait (default: no bound)', tokens)
    .option('--json', 'print JSON')
    .addHelpText('after', CREATE_HELP + examples(...CREATE_EXAMPLES))
    .action((options: NewKey, command: Command) => withKeys(command, ({ createKey }) => createKey(options)));
}

/** Imported only for these commands: the others start in a fraction of the time. */
async function withKeys(command: Command, run: (keys: typeof import('../keys.js')) => Promise<number>): Promise<void> {
  refuseServerOptions(command, 'keys');
  process.exitCode = await run(await import('../keys.js'));
}
