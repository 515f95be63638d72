import type { Command } from 'commander';
import { ENTITIES } from '../../domain/kinds.js';
import { STATUSES } from '../../domain/vocabulary.js';
import { addDefault, addListOptions, examples, served, wordOption } from '../command.js';
import type { ListJobsOptions } from '../jobs.js';
import type { JobOptions, OutputOptions } from '../options.js';
import { noted, seconds } from '../values.js';

const ID = '019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b';

export function addJobs(program: Command): void {
  const jobs = program
    .command('jobs')
    .description('jobs: list, show, cancel, retry (with scope admin those of everybody)')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('jobs list --status FAILED', `jobs show ${ID} --wait`));
  addList(jobs);
  addShow(jobs.command('show'), `jobs show ${ID} --wait`);
  addCancel(jobs);
  addRetry(jobs);
  addShow(program.command('job'), `job ${ID} --wait`);
}

function addList(jobs: Command): void {
  const list = addDefault(jobs, 'list')
    .description('jobs, the newest first')
    .addOption(wordOption('--status <status>', 'state of the job', STATUSES))
    .addOption(wordOption('--entity <kind>', 'what is to be written', ENTITIES))
    .option('--slug <slug>', 'slug of what was asked for, or of what was written')
    .option('--metadata <name=text>', 'what your key has noted on the job; repeatable', noted);
  addListOptions(list)
    .addHelpText('after', examples('jobs list --status PENDING --limit 100', 'jobs list --slug heat-1995 --json'))
    .action(served<ListJobsOptions>(async (client, options) => (await import('../jobs.js')).listJobs(client, options)));
}

/** `jobs show`, and `job`, which was there before. */
function addShow(command: Command, example: string): void {
  command
    .description('state of a job, and what it wrote')
    .argument('<id>', 'job id')
    .option('--wait', 'wait until it is finished')
    .option('--timeout <seconds>', 'longest time for all of it', seconds, 3600)
    .option('--json', 'print JSON')
    .addHelpText('after', examples(example))
    .action(
      served<JobOptions, [id: string]>(async (client, options, id) =>
        (await import('../jobs.js')).showJob(client, id, options),
      ),
    );
}

function addCancel(jobs: Command): void {
  jobs
    .command('cancel')
    .description('end a job that is not finished; one that others want goes on for them')
    .argument('<id>', 'job id')
    .option('--json', 'print JSON')
    .addHelpText('after', examples(`jobs cancel ${ID}`))
    .action(
      served<OutputOptions, [id: string]>(async (client, options, id) =>
        (await import('../jobs.js')).cancelJob(client, id, options),
      ),
    );
}

function addRetry(jobs: Command): void {
  jobs
    .command('retry')
    .description('run a FAILED job again, with all of its tries')
    .argument('<id>', 'job id')
    .option('--json', 'print JSON')
    .addHelpText('after', examples(`jobs retry ${ID}`))
    .action(
      served<OutputOptions, [id: string]>(async (client, options, id) =>
        (await import('../jobs.js')).retryJob(client, id, options),
      ),
    );
}
