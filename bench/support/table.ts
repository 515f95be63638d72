import Table from 'cli-table3';
import { type Figures, summary } from './figures.ts';
import { shown } from './statistics.ts';

const STYLE = { head: [], border: [] };

function cell(rounds: number[]): string {
  if (rounds.length === 0) return '–';
  const { median, least, most } = summary(rounds);
  return rounds.length === 1 ? shown(median) : `${shown(median)}\n${shown(least)}–${shown(most)}`;
}

/** Each section: contenders down, metrics across; the median, and the range of the rounds below it. */
export function tables(figures: Figures): string {
  const parts: string[] = [];
  for (const [section, contenders] of figures.sections) {
    const metrics = [...new Set([...contenders.values()].flatMap((found) => [...found.keys()]))];
    const table = new Table({ head: [section, ...metrics], style: STYLE, wordWrap: true });
    for (const [name, found] of contenders)
      table.push([name, ...metrics.map((metric) => cell(found.get(metric) ?? []))]);
    parts.push(table.toString());
  }
  return parts.join('\n\n');
}
