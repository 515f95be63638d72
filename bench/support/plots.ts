import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { OURS } from './contender.ts';
import { type Figures, type Rounds, summary } from './figures.ts';
import { shown } from './statistics.ts';

const WIDTH = 820;
const LEFT = 250;
/** For the number after the longest bar. */
const RIGHT = 170;
const BAR = 18;
const ROW = 25;
const TITLE = 34;

type Contenders = Map<string, Map<string, Rounds>>;

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** A file for each section in bench/results/: each metric with a bar for the median, and a line for its range. */
export function plot(figures: Figures): void {
  const folder = resolve('bench/results');
  mkdirSync(folder, { recursive: true });
  for (const [section, contenders] of figures.sections)
    writeFileSync(`${folder}/${section}.svg`, svg(section, contenders));
}

function svg(section: string, contenders: Contenders): string {
  const metrics = new Set([...contenders.values()].flatMap((found) => [...found.keys()]));
  const panels: string[] = [];
  let y = 10;
  for (const metric of metrics) {
    const { drawn, height } = panel(`${section}: ${metric}`, metric, contenders, y);
    panels.push(...drawn);
    y += height;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" font-family="sans-serif" font-size="13">`,
    `<rect width="100%" height="100%" fill="white"/>`,
    ...panels,
    '</svg>',
    '',
  ].join('\n');
}

function panel(title: string, metric: string, contenders: Contenders, y: number) {
  const bars = [...contenders].flatMap(([name, found]) => {
    const rounds = found.get(metric);
    return rounds ? [{ name, ...summary(rounds) }] : [];
  });
  const most = Math.max(...bars.map((bar) => bar.most), Number.MIN_VALUE);
  const at = (value: number) => LEFT + (value / most) * (WIDTH - LEFT - RIGHT);
  const drawn = bars.map((bar, n) => drawnBar(bar, y + TITLE + n * ROW, at));
  const head = `<text x="10" y="${y + 22}" font-weight="bold">${escaped(title)}</text>`;
  return { drawn: [head, ...drawn], height: TITLE + bars.length * ROW + 8 };
}

interface Bar {
  name: string;
  median: number;
  least: number;
  most: number;
}

function drawnBar({ name, median, least, most }: Bar, y: number, at: (value: number) => number): string {
  const middle = y + BAR / 2;
  const [from, to, width] = [at(least), at(most), at(median) - LEFT].map((x) => x.toFixed(1));
  const colour = name.startsWith(OURS) ? '#2563eb' : '#9ca3af';
  const range = least === most ? '' : ` (${shown(least)}–${shown(most)})`;
  return [
    `<text x="${LEFT - 8}" y="${middle + 4}" text-anchor="end">${escaped(name)}</text>`,
    `<rect x="${LEFT}" y="${y}" width="${width}" height="${BAR}" fill="${colour}"/>`,
    `<line x1="${from}" x2="${to}" y1="${middle}" y2="${middle}" stroke="black" stroke-width="2"/>`,
    `<text x="${(at(most) + 8).toFixed(1)}" y="${middle + 4}">${shown(median)}${range}</text>`,
  ].join('\n');
}
