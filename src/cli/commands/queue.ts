import { Argument, type Command } from 'commander';
import { ALL_QUEUES } from '../../domain/queues.js';
import { addDefault, examples, served, told } from '../command.js';
import type { DrainOptions } from '../drain-queue.js';
import type { OutputOptions } from '../options.js';
import type { ResumeOptions } from '../queue.js';
import { seconds } from '../values.js';

type Name = [name: string | undefined];

export function addQueue(program: Command): void {
  const queue = told(program.command('queue').alias('queues'), 'the queues: status, pause, resume, drain', 'admin')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('queue', 'queue pause movies', 'queue drain'));
  addStatus(queue);
  addPause(queue);
  addResume(queue);
  addDrain(queue);
}

const nameOf = (flags: string, description: string) => new Argument(flags, description).choices(ALL_QUEUES);

function addStatus(queue: Command): void {
  addDefault(queue, 'status')
    .description('jobs by state, speed, workers')
    .addArgument(nameOf('[name]', 'name of the queue (default: all)'))
    .option('--json', 'print JSON')
    .addHelpText('after', examples('queue status', 'queue status movies --json'))
    .action(
      served<OutputOptions, Name>(async (client, options, name) =>
        (await import('../queue.js')).showQueues(client, options, name),
      ),
    );
}

function addPause(queue: Command): void {
  queue
    .command('pause')
    .description('begin no more jobs of a queue')
    .addArgument(nameOf('<name>', 'name of the queue'))
    .option('--json', 'print JSON')
    .addHelpText('after', examples('queue pause movies'))
    .action(
      served<OutputOptions, [name: string]>(async (client, options, name) =>
        (await import('../queue.js')).pauseQueue(client, name, options),
      ),
    );
}

function addResume(queue: Command): void {
  queue
    .command('resume')
    .description('go on with the jobs of a paused queue; with --now at once with what waits for its time')
    .addArgument(nameOf('[name]', "name of the queue (with --now: default all that the model's service holds up)"))
    .option('--now', "end the pause that the model's service asked for, and the back-off of what waits in the queue")
    .option('--json', 'print JSON')
    .addHelpText('after', examples('queue resume movies', 'queue resume --now'))
    .action(
      served<ResumeOptions, Name>(async (client, options, name) =>
        (await import('../queue.js')).resumeQueue(client, name, options),
      ),
    );
}

function addDrain(queue: Command): void {
  queue
    .command('drain')
    .description('pause, and wait until nothing of it runs; it stays paused')
    .addArgument(nameOf('[name]', 'name of the queue (default: all)'))
    .option('--timeout <seconds>', 'longest wait; what still runs then is named', seconds, 600)
    .option('--json', 'print JSON')
    .addHelpText('after', examples('queue drain movies', 'queue drain --timeout 120'))
    .action(
      served<DrainOptions, Name>(async (client, options, name) =>
        (await import('../drain-queue.js')).drainQueue(client, name, options),
      ),
    );
}
