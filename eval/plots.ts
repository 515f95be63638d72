import { COLUMNS } from './columns.ts';
import { shown, shownInterval } from './shown.ts';
import type { Summed } from './summary.ts';

const WIDTH = 820;
const LEFT = 220;
/** For the numbers after a bar. */
const RIGHT = 210;
const ROW = 26;
const TITLE = 34;
const HISTOGRAM = 120;
const BINS = 24;

/** Text as HTML and SVG take it: what a model wrote is in it. */
export const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

const svg = (height: number, title: string, parts: string[]) =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" ` +
      `aria-label="${escaped(title)}" font-family="sans-serif" font-size="13">`,
    '<rect width="100%" height="100%" fill="white"/>',
    `<text x="10" y="22" font-size="15" font-weight="bold">${escaped(title)}</text>`,
    ...parts,
    '</svg>',
  ].join('\n');

/** Shares from 0 to 1, each with the interval that it may lie in. */
export function sharesPlot(title: string, summary: Summed[]): string {
  const shares = summary.flatMap((one) => {
    const column = COLUMNS.find(({ name, form }) => name === one.name && form !== 'amount');
    return column ? [{ ...one, column }] : [];
  });
  const across = (share: number) => LEFT + share * (WIDTH - LEFT - RIGHT);
  const rows = shares.map(({ column, mean, interval }, n) => {
    const y = TITLE + n * ROW;
    const middle = y + ROW / 2;
    const [low, high, value] = [...interval, mean].map((share) => across(share).toFixed(1));
    const colour = column.better === 'less' ? '#d97706' : '#2563eb';
    return [
      `<text x="${LEFT - 10}" y="${middle + 4}" text-anchor="end">${escaped(column.title)}</text>`,
      `<line x1="${across(0)}" x2="${across(1)}" y1="${middle}" y2="${middle}" stroke="#e5e7eb"/>`,
      `<line x1="${low}" x2="${high}" y1="${middle}" y2="${middle}" stroke="${colour}" stroke-width="5" opacity="0.4"/>`,
      `<circle cx="${value}" cy="${middle}" r="5" fill="${colour}"/>`,
      `<text x="${across(1) + 14}" y="${middle + 4}">${shown(mean, column)} (${shownInterval(interval, column)})</text>`,
    ].join('\n');
  });
  return svg(TITLE + shares.length * ROW + 10, title, rows);
}

/** A bar for each of some counts. */
export function barsPlot(title: string, counts: [name: string, count: number][]): string {
  const most = Math.max(1, ...counts.map(([, count]) => count));
  const rows = counts.map(([name, count], n) => {
    const y = TITLE + n * ROW;
    const width = (count / most) * (WIDTH - LEFT - RIGHT);
    return [
      `<text x="${LEFT - 10}" y="${y + 17}" text-anchor="end">${escaped(name)}</text>`,
      `<rect x="${LEFT}" y="${y + 4}" width="${width.toFixed(1)}" height="${ROW - 8}" fill="#2563eb"/>`,
      `<text x="${(LEFT + width + 8).toFixed(1)}" y="${y + 17}">${count}</text>`,
    ].join('\n');
  });
  return svg(TITLE + counts.length * ROW + 10, title, rows);
}

/** How values are spread, in as many steps of the same width. */
export function histogram(title: string, values: number[]): string {
  const least = Math.min(...values);
  const most = Math.max(...values);
  const step = (most - least) / BINS || 1;
  const counts = Array.from({ length: BINS }, () => 0);
  for (const value of values) counts[Math.min(BINS - 1, Math.floor((value - least) / step))]!++;
  const highest = Math.max(...counts);
  const width = (WIDTH - 20) / BINS;
  const floor = TITLE + HISTOGRAM;
  const bars = counts.map((count, n) => {
    const height = (count / highest) * HISTOGRAM;
    const place = `x="${(10 + n * width).toFixed(1)}" y="${(floor - height).toFixed(1)}"`;
    return `<rect ${place} width="${(width - 2).toFixed(1)}" height="${height.toFixed(1)}" fill="#2563eb"/>`;
  });
  const ends = [
    `<text x="10" y="${floor + 18}">${Math.round(least).toLocaleString('en-US')}</text>`,
    `<text x="${WIDTH - 10}" y="${floor + 18}" text-anchor="end">${Math.round(most).toLocaleString('en-US')}</text>`,
  ];
  return svg(floor + 26, title, [...bars, ...ends]);
}
