/** Something measured at equal distances of time. */
export interface Series {
  name: string;
  unit: 'bytes' | 'count';
  values: number[];
  /** Of a table: its rows. It may grow as they do, and not faster. */
  rows?: number[];
  /** Of connections: how many more are no growth. Pools open them when statements are slow, and close them later. */
  room?: number;
}

export interface Growth {
  name: string;
  unit: Series['unit'];
  /** Medians of the second and the last third; the first third is for warming up. */
  middle: number;
  end: number;
  /** The highest that `end` may be. */
  allowed: number;
  grows: boolean;
}

/** What may be added between the second third and the last: a share, and an amount for what is small. */
const SHARE = 0.1;
const AMOUNT = { bytes: 8 * 1024 * 1024, count: 2 };
/** A table of fewer rows has pages, not sizes of rows. */
const LEAST_ROWS = 1000;

/** Whether something grows under a load that does not. */
export function growthOf({ name, unit, values, rows, room = AMOUNT[unit] }: Series): Growth {
  const [middle, end] = thirds(values);
  const [rowsThen, rowsNow] = thirds(rows ?? []);
  const perRow = rowsThen >= LEAST_ROWS ? middle / rowsThen : 0;
  const forRows = perRow * Math.max(0, rowsNow - rowsThen);
  const allowed = (middle + forRows) * (1 + SHARE) + room;
  return { name, unit, middle, end, allowed, grows: end > allowed };
}

function thirds(values: number[]): [middle: number, end: number] {
  const third = Math.floor(values.length / 3);
  return [median(values.slice(third, 2 * third)), median(values.slice(2 * third))];
}

function median(values: number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
