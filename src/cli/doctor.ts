import type { DetailDto } from '../health/detail.dto.js';
import { CliError, type Client, Refused } from './client.js';
import type { OutputOptions } from './options.js';

/** Prints what should be changed, one line each. @returns 1 when there is something */
export async function doctor(client: Client, { json = false }: OutputOptions): Promise<number> {
  const detail = await client.get<DetailDto>('/health/detail').catch((error: unknown) => {
    throw error instanceof Refused ? new CliError(error.message) : error;
  });
  const { postgres, redis, queues, warnings } = detail;
  const workers = Math.max(0, ...(queues ?? []).map((queue) => queue.workers));
  if (json) console.log(JSON.stringify(detail, null, 2));
  else if (warnings.length > 0) console.log(warnings.join('\n'));
  else
    console.log(
      `fine: PostgreSQL ${postgres.version}, ${redis ? `Redis ${redis.version}` : 'no Redis'}, workers: ${workers}`,
    );
  return warnings.length > 0 ? 1 : 0;
}
