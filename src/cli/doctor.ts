import type { DetailDto } from '../health/detail.dto.js';
import type { FindingDto } from '../health/findings.dto.js';
import type { Client } from './client.js';
import { EXIT } from './errors.js';
import type { OutputOptions } from './options.js';
import { printJson } from './output.js';

/** Prints what is unsafe and what to do, one line each, critical first. @returns 1 when there is anything */
export async function doctor(client: Client, { json = false }: OutputOptions): Promise<number> {
  const detail = await client.get<DetailDto>('/health/detail');
  const tried = detail.postgres.state === 'up' ? await triedBy(client) : [];
  const all = [...detail.findings, ...tried];
  const findings = [...all.filter(isCritical), ...all.filter((one) => !isCritical(one))];
  if (json) printJson({ ...detail, warnings: findings.map(lineOf), findings });
  else print(detail, findings);
  return findings.length > 0 ? EXIT.unwritten : EXIT.done;
}

function print({ postgres, redis, queues, not_seen }: DetailDto, findings: FindingDto[]): void {
  const workers = Math.max(0, ...(queues ?? []).map((queue) => queue.workers));
  const versions = `PostgreSQL ${postgres.version}, ${redis ? `Redis ${redis.version}` : 'no Redis'}`;
  const said = findings.map((one) => `${one.severity}: ${lineOf(one)}`);
  const lines = said.length > 0 ? said : [`fine: ${versions}, workers: ${workers}`];
  console.log([...lines, ...not_seen.map((line) => `not seen: ${line}`)].join('\n'));
}

const isCritical = ({ severity }: FindingDto) => severity === 'critical';
const lineOf = ({ message, action }: FindingDto) => `${message}; ${action}`;

/** A real call of each model, in a few words. */
async function triedBy(client: Client): Promise<FindingDto[]> {
  return (await client.act<{ findings: FindingDto[] }>('/admin/model/test')).findings;
}
