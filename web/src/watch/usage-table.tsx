import type { Usage, UsageReport } from '../data/api.ts';
import { Table } from '../parts/table.tsx';
import { count, seconds } from '../words/numbers.ts';
import { words } from '../words/words.ts';
import { money } from './usage-days.tsx';

/** Sums by key, model, prompts or kind, and of all. */
export function UsageTable({ report, none }: { report: UsageReport; none: string }) {
  const { lists, watch: w } = words.value;
  const { usage: u } = lists;
  const { total } = report;
  const kinds: Record<string, string> = w.kinds;
  const name = (usage: Usage) => {
    if (usage === total) return u.total;
    if (report.by === 'entity') return kinds[usage.entity ?? ''] ?? usage.entity;
    if (report.by === 'model') return usage.model;
    if (report.by === 'prompt') return usage.prompt ?? none;
    return usage.key === null ? u.noKey : (usage.key_name ?? usage.key);
  };
  return (
    <Table
      caption={u.by[report.by]}
      rows={report.results}
      total={total}
      keyOf={({ key, model, prompt, entity }) => key ?? model ?? prompt ?? entity ?? 'none'}
      columns={[
        { head: w.what, cell: name },
        { head: u.calls, isNumber: true, cell: ({ calls }) => count(calls) },
        { head: u.input, isNumber: true, cell: ({ input_tokens }) => count(input_tokens) },
        { head: u.output, isNumber: true, cell: ({ output_tokens }) => count(output_tokens) },
        { head: u.duration, isNumber: true, cell: ({ duration_ms }) => seconds(duration_ms / 1000) },
        { head: u.cost, isNumber: true, cell: ({ cost }) => (cost === null ? none : money(cost)) },
      ]}
    />
  );
}
