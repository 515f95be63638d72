import type { Metadata } from '../domain/metadata.js';
import { isFinished } from '../domain/vocabulary.js';
import type { JobDto } from '../jobs/jobs.dto.js';
import type { Client } from './client.js';
import { EXIT } from './errors.js';
import { follow, showResult, stateOf } from './generate-one.js';
import { type ListOptions, minute, showList } from './listing.js';
import type { JobOptions, OutputOptions } from './options.js';
import { printJson } from './output.js';

export interface ListJobsOptions extends ListOptions {
  status?: string;
  entity?: string;
  slug?: string;
  metadata?: Metadata;
}

export function listJobs(client: Client, options: ListJobsOptions): Promise<number> {
  const { status, entity, slug, metadata = {} } = options;
  const notes = Object.entries(metadata).map(([name, text]) => [`metadata[${name}]`, text]);
  const filter = { status, entity, slug, ...(Object.fromEntries(notes) as Record<string, string>) };
  const list = { path: '/jobs', filter, head: ['asked', 'job', 'state'], cells: cellsOf };
  return showList<JobDto>(client, { ...list, none: 'There are no such jobs.' }, options);
}

const cellsOf = (job: JobDto) => [
  `${minute(job.created_at)}\n${job.entity}`,
  `${job.slug ?? job.requested_slug}\n${job.job_id}`,
  `${stateOf(job)}${job.error ? `: ${job.error.type}` : ''}`,
];

/** Shows a job, with its text once it is finished. */
export async function showJob(
  client: Client,
  id: string,
  { wait, timeout, json = false }: JobOptions,
): Promise<number> {
  client.line.deadline = Date.now() + timeout * 1000;
  const job = await client.job(id);
  if (wait || isFinished(job.status)) return showResult(client, await follow(client, job), json);
  if (json) printJson(job);
  else console.log(stateOf(job));
  return EXIT.done;
}

export async function cancelJob(client: Client, id: string, options: OutputOptions): Promise<number> {
  return shown(await client.act<JobDto>(`/jobs/${encodeURIComponent(id)}/cancel`), options);
}

export async function retryJob(client: Client, id: string, options: OutputOptions): Promise<number> {
  return shown(await client.retry(id), options);
}

function shown(job: JobDto, { json = false }: OutputOptions): number {
  if (json) printJson(job);
  else console.log(stateOf(job));
  return EXIT.done;
}
