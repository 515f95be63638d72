import type { DetailDto } from '../health/detail.dto.js';
import type { Client } from './client.js';
import { EXIT } from './errors.js';
import type { OutputOptions } from './options.js';
import { printJson } from './output.js';

/** Prints what should be changed, one line each. @returns 1 when there is anything to change */
export async function doctor(client: Client, { json = false }: OutputOptions): Promise<number> {
  const detail = await client.get<DetailDto>('/health/detail');
  const { postgres, redis, queues } = detail;
  const warnings = [...detail.warnings, ...(postgres.state === 'up' ? await tried(client) : [])];
  const workers = Math.max(0, ...(queues ?? []).map((queue) => queue.workers));
  const versions = `PostgreSQL ${postgres.version}, ${redis ? `Redis ${redis.version}` : 'no Redis'}`;
  if (json) printJson({ ...detail, warnings });
  else console.log(warnings.length > 0 ? warnings.join('\n') : `fine: ${versions}, workers: ${workers}`);
  return warnings.length > 0 ? EXIT.unwritten : EXIT.done;
}

/** A real call of each model, in a few words. */
async function tried(client: Client): Promise<string[]> {
  return (await client.act<{ warnings: string[] }>('/admin/model/test')).warnings;
}
