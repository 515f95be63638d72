import { CliError, type Client, isFinished, Refused } from './client.js';
import { follow, showResult } from './generate-one.js';

interface ShowOptions {
  wait?: boolean;
  timeout: number;
  json?: boolean;
}

/** Shows a job, and what it wrote once it is finished. */
export async function showJob(
  client: Client,
  id: string,
  { wait, timeout, json = false }: ShowOptions,
): Promise<number> {
  const job = await client.job(id).catch((error: unknown) => {
    throw error instanceof Refused ? new CliError(error.message) : error;
  });
  if (wait || isFinished(job)) return showResult(client, await follow(client, job, timeout), json);
  console.log(json ? JSON.stringify(job, null, 2) : `${job.status} (try ${job.attempts} of ${job.max_attempts})`);
  return 0;
}
