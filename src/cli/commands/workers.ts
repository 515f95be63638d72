import type { Command } from 'commander';
import { addDefault, examples, served, told } from '../command.js';
import type { OutputOptions } from '../options.js';
import { seconds } from '../values.js';
import type { DrainWorkerOptions } from '../workers.js';

const WORKER = 'name (host:pid) or id, as workers list shows them';

const DRAIN_HELP = `
It takes no new jobs, ends those that it has, and stays idle: stop it then, and
nothing is cut off. Started anew it takes jobs. The other workers go on.
`;

export function addWorkers(program: Command): void {
  const workers = told(program.command('workers'), 'the processes that run jobs: list, drain, resume', 'admin')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('workers', 'workers drain worker-1:4711'));
  addList(workers);
  addDrain(workers);
  addResume(workers);
}

function addList(workers: Command): void {
  addDefault(workers, 'list')
    .description('what they are, what they run, and when they were last seen')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('workers list', 'workers list --json'))
    .action(
      served<OutputOptions>(async (client, options) => (await import('../workers.js')).listWorkers(client, options)),
    );
}

function addDrain(workers: Command): void {
  workers
    .command('drain')
    .description('have one take no new jobs, and wait until it has none')
    .argument('<worker>', WORKER)
    .option('--no-wait', 'ask it, and do not wait')
    .option('--timeout <seconds>', 'longest wait', seconds, 600)
    .option('--json', 'print JSON')
    .addHelpText('after', DRAIN_HELP + examples('workers drain worker-1:4711', 'workers drain worker-1:4711 --no-wait'))
    .action(
      served<DrainWorkerOptions, [worker: string]>(async (client, options, worker) =>
        (await import('../workers.js')).drainWorker(client, worker, options),
      ),
    );
}

function addResume(workers: Command): void {
  workers
    .command('resume')
    .description('have one that was drained take jobs again')
    .argument('<worker>', WORKER)
    .option('--json', 'print JSON')
    .addHelpText('after', examples('workers resume worker-1:4711'))
    .action(
      served<OutputOptions, [worker: string]>(async (client, options, worker) =>
        (await import('../workers.js')).resumeWorker(client, worker, options),
      ),
    );
}
