import { type Command, InvalidArgumentError } from 'commander';
import { addDefault, examples, served, told } from '../command.js';
import type { OutputOptions } from '../options.js';

const HELP = `
It holds for all workers, those that start later too, until it is given back:
default means what WORKER_CONCURRENCY says to each. Workers hear of it within
seconds. Jobs that run are not cut off.
`;

/** @returns `null`: what the settings of each worker say */
const concurrency = (text: string): number | null => {
  if (['default', 'null'].includes(text)) return null;
  const value = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > 1000) throw new InvalidArgumentError('takes 1..1000, or default');
  return value;
};

export function addConcurrency(program: Command): void {
  const group = told(program.command('concurrency'), 'how many jobs each worker runs at once: show, set', 'admin')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('concurrency', 'concurrency set 20'));
  addDefault(group, 'show')
    .description('what is wished, and what each worker does')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('concurrency show'))
    .action(
      served<OutputOptions>(async (client, options) =>
        (await import('../concurrency.js')).showConcurrency(client, options),
      ),
    );
  group
    .command('set')
    .description('change it while they run')
    .argument('<n>', '1..1000 of each queue, or default', concurrency)
    .option('--json', 'print JSON')
    .addHelpText('after', HELP + examples('concurrency set 20', 'concurrency set default'))
    .action(
      served<OutputOptions, [n: number | null]>(async (client, options, n) =>
        (await import('../concurrency.js')).setConcurrency(client, n, options),
      ),
    );
}
