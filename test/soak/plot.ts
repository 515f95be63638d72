import type { Growth, Series } from './growth.ts';

const WIDTH = 820;
const HEIGHT = 110;
const LEFT = 70;
const TITLE = 24;

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

export const shown = (value: number, unit: Series['unit']) =>
  unit === 'count' ? value.toFixed(0) : `${(value / 1024 / 1024).toFixed(value < 100 * 1024 * 1024 ? 1 : 0)} MB`;

/** A picture with a line for each series; red where it grows. */
export function plotOf(title: string, series: Series[], growth: Map<string, Growth>, minutes: number): string {
  const panels = series.map((one, n) => panel(one, growth.get(one.name)!.grows, 40 + n * (HEIGHT + TITLE + 14)));
  const height = 40 + series.length * (HEIGHT + TITLE + 14);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="13">`,
    '<rect width="100%" height="100%" fill="white"/>',
    `<text x="10" y="24" font-size="16" font-weight="bold">${escaped(`${title}, ${minutes} minutes`)}</text>`,
    ...panels,
    '</svg>',
    '',
  ].join('\n');
}

function panel({ name, unit, values }: Series, grows: boolean, y: number): string {
  const most = Math.max(...values, Number.MIN_VALUE);
  const across = (n: number) => LEFT + (n / Math.max(1, values.length - 1)) * (WIDTH - LEFT - 10);
  const up = (value: number) => y + TITLE + HEIGHT - (value / most) * HEIGHT;
  const points = values.map((value, n) => `${across(n).toFixed(1)},${up(value).toFixed(1)}`).join(' ');
  const colour = grows ? '#dc2626' : '#2563eb';
  return [
    `<text x="10" y="${y + 16}" font-weight="bold">${escaped(name)}</text>`,
    `<text x="${LEFT - 6}" y="${y + TITLE + 10}" text-anchor="end">${shown(most, unit)}</text>`,
    `<text x="${LEFT - 6}" y="${y + TITLE + HEIGHT}" text-anchor="end">0</text>`,
    `<rect x="${LEFT}" y="${y + TITLE}" width="${WIDTH - LEFT - 10}" height="${HEIGHT}" fill="none" stroke="#d1d5db"/>`,
    `<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="1.5"/>`,
  ].join('\n');
}
