import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Figures, summary } from './figures.ts';
import { OURS } from './contender.ts';
import { shown } from './statistics.ts';

const WIDTH = 760;
const LEFT = 250;
const BAR = 22;
const GAP = 34;
/** For the number after the longest bar. */
const RIGHT = 150;

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const fileOf = (section: string, metric: string) =>
  `${section} ${metric}`
    .toLowerCase()
    .replaceAll(/µ/g, 'u')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

/** One plot for each metric of each section: a bar for the median, a line over it for the range of the rounds. */
export function plot(figures: Figures): string[] {
  const folder = resolve('bench/results');
  mkdirSync(folder, { recursive: true });
  const files: string[] = [];
  for (const [section, contenders] of figures.sections)
    for (const metric of new Set([...contenders.values()].flatMap((found) => [...found.keys()]))) {
      const bars = [...contenders].flatMap(([name, found]) => {
        const rounds = found.get(metric);
        return rounds ? [{ name, ...summary(rounds) }] : [];
      });
      const file = `${folder}/${fileOf(section, metric)}.svg`;
      writeFileSync(file, svg(`${section}: ${metric}`, bars));
      files.push(file);
    }
  return files;
}

interface Bar {
  name: string;
  median: number;
  least: number;
  most: number;
}

function svg(title: string, bars: Bar[]): string {
  const most = Math.max(...bars.map((bar) => bar.most), Number.MIN_VALUE);
  const scale = (value: number) => (value / most) * (WIDTH - LEFT - RIGHT);
  const height = 40 + bars.length * GAP;
  const drawn = bars.map((bar, n) => drawnBar(bar, 36 + n * GAP, scale));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="13">`,
    `<rect width="100%" height="100%" fill="white"/>`,
    `<text x="10" y="20" font-weight="bold">${escaped(title)}</text>`,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

function drawnBar({ name, median, least, most }: Bar, y: number, scale: (value: number) => number): string {
  const middle = y + BAR / 2;
  const fixed = (x: number) => (LEFT + scale(x)).toFixed(1);
  const colour = name.startsWith(OURS) ? '#2563eb' : '#9ca3af';
  const range = least === most ? '' : ` (${shown(least)}–${shown(most)})`;
  return [
    `<text x="${LEFT - 8}" y="${middle + 4}" text-anchor="end">${escaped(name)}</text>`,
    `<rect x="${LEFT}" y="${y}" width="${scale(median).toFixed(1)}" height="${BAR}" fill="${colour}"/>`,
    `<line x1="${fixed(least)}" x2="${fixed(most)}" y1="${middle}" y2="${middle}" stroke="black" stroke-width="2"/>`,
    `<text x="${(LEFT + scale(most) + 8).toFixed(1)}" y="${middle + 4}">${shown(median)}${range}</text>`,
  ].join('\n');
}
