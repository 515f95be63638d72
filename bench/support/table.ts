import Table from 'cli-table3';
import { type Figures, summary } from './figures.ts';
import { shown } from './statistics.ts';
import type { Verdict } from './targets.ts';

const STYLE = { head: [], border: [], compact: true };
/** Columns of a table at most; more become a second table. */
const WIDE = 7;

function cell(rounds: number[]): string {
  if (rounds.length === 0) return '–';
  const { median, least, most } = summary(rounds);
  return rounds.length === 1 ? shown(median) : `${shown(median)} (${shown(least)}–${shown(most)})`;
}

/** Each section: contenders down, metrics across; the median, and the range of its rounds. */
export function tables(figures: Figures): string {
  const parts: string[] = [];
  for (const [section, contenders] of figures.sections) {
    const metrics = [...new Set([...contenders.values()].flatMap((found) => [...found.keys()]))];
    for (let n = 0; n < metrics.length; n += WIDE) {
      const some = metrics.slice(n, n + WIDE);
      const table = new Table({ head: [section, ...some], style: STYLE });
      for (const [name, found] of contenders)
        table.push([name, ...some.map((metric) => cell(found.get(metric) ?? []))]);
      parts.push(table.toString());
    }
  }
  return parts.join('\n\n');
}

/** Each target with what came of it. */
export function targetTable(verdicts: Verdict[]): string {
  const table = new Table({ head: ['target', 'wanted', 'found (range)', ''], style: STYLE });
  for (const { target, value, least, most, met } of verdicts) {
    const { section, metric, ours, theirs, bound, more } = target;
    const what = `${section}: ${metric}, ${ours}${theirs === null ? '' : ` ÷ ${theirs}`}`;
    const range = least === most ? '' : ` (${shown(least)}–${shown(most)})`;
    table.push([what, `${more ? '≥' : '≤'} ${shown(bound)}`, shown(value) + range, met ? 'met' : 'not met']);
  }
  return table.toString();
}
