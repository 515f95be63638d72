import Table from 'cli-table3';
import { COLUMNS } from './columns.ts';
import type { Compared } from './compared.ts';
import type { CaseRecord } from './records.ts';
import { shown, shownDifference, shownInterval } from './shown.ts';
import { gatesHit, inTone, type Summed, summaryOf } from './summary.ts';

const STYLE = { head: [], border: [], compact: true };
const columnOf = (name: string) => COLUMNS.find((column) => column.name === name)!;

/** Each column down, and beside it what it is in each tone where there are several. */
export function summaryTable(cases: CaseRecord[], tones: string[]): string {
  const beside = tones.length > 1 ? tones : [];
  const byTone = beside.map((tone) => new Map(summaryOf(inTone(cases, tone)).map((one) => [one.name, one])));
  const table = new Table({ head: ['', 'all', '95 %', 'of', ...beside], style: STYLE });
  for (const one of summaryOf(cases)) {
    const column = columnOf(one.name);
    const own = byTone.map((summed) => cell(summed.get(one.name)));
    table.push([column.title, shown(one.mean, column), shownInterval(one.interval, column), one.count, ...own]);
  }
  return table.toString();
}

const cell = (summed: Summed | undefined) => (summed ? shown(summed.mean, columnOf(summed.name)) : '–');

/** One line: which gates first texts did not pass. */
export function gatesLine(cases: CaseRecord[]): string {
  const hit = gatesHit(cases).map(([gate, texts]) => `${gate} ${texts}`);
  return hit.length === 0 ? 'No first text met a gate.' : `Gates that first texts met: ${hit.join(', ')}.`;
}

/** What got better, and what worse. */
export function comparedTable(found: Compared[]): string {
  const table = new Table({ head: ['', 'before', 'after', 'difference', '95 %', 'pairs', ''], style: STYLE });
  for (const { column, before, after, difference, interval, pairs, verdict } of found)
    table.push([
      column.title,
      shown(before, column),
      shown(after, column),
      shownDifference(difference, column),
      interval.map((end) => shownDifference(end, column)).join(' … '),
      pairs,
      verdict === 'other' ? 'another amount' : verdict,
    ]);
  return table.toString();
}
