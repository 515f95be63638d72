import type { DetailDto } from '../health/detail.dto.js';
import type { TrialCall } from '../worker/model-trial.js';
import type { Client } from './client.js';
import { EXIT } from './errors.js';
import type { OutputOptions } from './options.js';
import { printJson } from './output.js';

/** Prints what should be changed, one line each. @returns 1 when there is anything to change */
export async function doctor(client: Client, { json = false }: OutputOptions): Promise<number> {
  const detail = await client.get<DetailDto>('/health/detail');
  const { postgres, redis, queues } = detail;
  const calls = postgres.state === 'up' ? await tried(client) : [];
  const warnings = [...detail.warnings, ...trialWarnings(calls)];
  const workers = Math.max(0, ...(queues ?? []).map((queue) => queue.workers));
  const versions = `PostgreSQL ${postgres.version}, ${redis ? `Redis ${redis.version}` : 'no Redis'}`;
  if (json) printJson({ ...detail, warnings, model_calls: calls });
  else console.log(warnings.length > 0 ? warnings.join('\n') : `fine: ${versions}, workers: ${workers}`);
  return warnings.length > 0 ? EXIT.unwritten : EXIT.done;
}

/** A real call of each model, in a few words. */
async function tried(client: Client): Promise<TrialCall[] | null> {
  return (await client.act<{ calls: TrialCall[] | null }>('/admin/model/test')).calls;
}

function trialWarnings(calls: TrialCall[] | null): string[] {
  if (calls === null) return ['No worker has tried the model in time: it may be busy, or about to stop'];
  return calls.flatMap(({ model, message, reason }) => {
    if (message === null) return [];
    const said = [message.replace(/\.$/, ''), ...(reason ? [reason] : [])].join(': ');
    return [`The model ${model} does not answer a call that was made to see whether it does (${said})`];
  });
}
