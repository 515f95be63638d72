import type { Column } from './columns.ts';
import type { Interval } from './statistics.ts';

/** Three digits that count, and no more. */
function digits(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(Math.abs(value) < 1 ? 2 : 3)));
}

/** A value of a column, as it is read in a table. */
export function shown(value: number, { form, unit }: Pick<Column, 'form' | 'unit'>): string {
  if (!Number.isFinite(value)) return '–';
  if (form === 'share') return `${(value * 100).toFixed(1)} %`;
  return unit === 'ms' ? `${digits(value)} ms` : digits(value);
}

export const shownInterval = ([low, high]: Interval, column: Column) =>
  `${shown(low, column)} … ${shown(high, column)}`;

/** What a difference is: of shares in points of a hundred. */
export function shownDifference(value: number, column: Column): string {
  const text = shown(value, column).replace(' %', '');
  return value > 0 ? `+${text}` : text;
}

/** Money without a name: that of MODEL_PRICES. */
export const money = (cost: number | null) => (cost === null ? 'of unknown price' : cost.toFixed(cost < 1 ? 4 : 2));
