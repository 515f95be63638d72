import type { UsageDto, UsageReportDto } from '../admin/usage.dto.js';
import type { Client } from './client.js';
import { EXIT } from './errors.js';
import type { OutputOptions } from './options.js';
import { printJson, table } from './output.js';

export interface UsageOptions extends OutputOptions {
  from?: string;
  to?: string;
  by: UsageReportDto['by'];
}

/** Prints what calls of models took, and what they cost. */
export async function showUsage(client: Client, { from, to, by, json = false }: UsageOptions): Promise<number> {
  const query = new URLSearchParams({ by, ...(from && { from }), ...(to && { to }) });
  const report = await client.get<UsageReportDto>(`/admin/usage?${query.toString()}`);
  if (json) printJson(report);
  else console.log(drawn(report));
  return EXIT.done;
}

function drawn({ from, to, by, total, results }: UsageReportDto): string {
  const rows = results.map((one) => [named(one), ...cellsOf(one)]);
  const all = [...rows, [`${from} to ${to}`, ...cellsOf(total)]];
  return table([by, 'calls', 'tokens in', 'tokens out', 'cost'], all);
}

function named({ day, key, key_name, model, entity, prompt }: UsageDto): string {
  if (key === null) return '(no key)';
  if (prompt === null) return '(not known)';
  return day ?? model ?? entity ?? prompt ?? (key_name ? `${key_name}\n${key}` : key!);
}

const cellsOf = ({ calls, input_tokens, output_tokens, cost }: UsageDto) => [
  ...[calls, input_tokens, output_tokens].map((count) => count.toLocaleString('en-US')),
  cost === null ? 'not known' : cost.toFixed(4),
];
