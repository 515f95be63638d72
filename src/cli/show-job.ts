import { CliError, type Client, isFinished, Refused } from './client.js';
import { follow, showResult, stateOf } from './generate-one.js';
import type { JobOptions } from './options.js';

/** Shows a job, and what it wrote once it is finished. */
export async function showJob(
  client: Client,
  id: string,
  { wait, timeout, json = false }: JobOptions,
): Promise<number> {
  const job = await client.job(id).catch((error: unknown) => {
    throw error instanceof Refused ? new CliError(error.message) : error;
  });
  if (wait || isFinished(job)) return showResult(client, await follow(client, job, timeout), json);
  console.log(json ? JSON.stringify(job, null, 2) : stateOf(job));
  return 0;
}
