import { type Command, Option } from 'commander';
import { USES_BY } from '../../domain/vocabulary.js';
import { examples, served, told } from '../command.js';
import type { UsageOptions } from '../usage.js';

const HELP = `
Calls of failed and cancelled jobs count. The cost is that of MODEL_PRICES when
the call was made; it is not known where one of the models has no price.
`;

export function addUsage(program: Command): void {
  told(program.command('usage'), 'calls, tokens and cost of the models', 'admin')
    .option('--from <day>', 'first day, UTC (default: 30 days up to --to)')
    .option('--to <day>', 'last day (default: today)')
    .addOption(new Option('--by <what>', 'what it is added up by').choices(USES_BY).default('day'))
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      HELP + examples('usage', 'usage --by prompt', 'usage --by key --from 2026-11-01 --to 2026-11-30 --json'),
    )
    .action(served<UsageOptions>(async (client, options) => (await import('../usage.js')).showUsage(client, options)));
}
