import { isFinished } from '../domain/vocabulary.js';
import type { Client } from './client.js';
import { EXIT } from './errors.js';
import { follow, showResult, stateOf } from './generate-one.js';
import type { JobOptions } from './options.js';
import { printJson } from './output.js';

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
