import { growthOf, type Series } from './growth.js';

const MB = 1024 * 1024;
const over = (count: number, value: (n: number) => number) => Array.from({ length: count }, (_, n) => value(n));
const memory = (values: number[]): Series => ({ name: 'memory', unit: 'bytes', values });

describe('growth under a steady load', () => {
  it('is none in what warms up and then stays, whatever single values do', () => {
    const warm = over(90, (n) => Math.min(100 + n * 10, 300) * MB + (n % 7) * 5 * MB);
    expect(growthOf(memory([...warm.slice(0, -1), 900 * MB]))).toMatchObject({ grows: false });
  });

  it('is seen in what gains a fifth after the first third', () => {
    const leak = growthOf(memory(over(90, (n) => (200 + 2 * n) * MB)));
    expect(leak).toMatchObject({ grows: true, middle: 290 * MB, end: 350 * MB, allowed: 327 * MB });
  });

  it('is allowed to a table as far as its rows go, and not to one whose rows only change', () => {
    const rows = over(90, (n) => 1000 * (n + 10));
    const bytes = rows.map((count) => count * 2000);
    const table = { name: 'jobs', unit: 'bytes' as const, values: bytes };
    expect(growthOf({ ...table, rows })).toMatchObject({ grows: false });
    expect(growthOf({ ...table, rows: rows.map(() => 5000) })).toMatchObject({ grows: true });
    expect(growthOf({ ...table, values: rows.map((count, n) => count * (2000 + n * 20)), rows }).grows).toBe(true);
  });

  it('is seen in connections that are never given back', () => {
    const count = (values: number[]) => growthOf({ name: 'connections', unit: 'count', values }).grows;
    expect([count(over(60, (n) => 20 + (n % 3))), count(over(60, (n) => 20 + n))]).toEqual([false, true]);
    const pool = (last: number) => ({
      ...memory(over(60, (n) => (n < 40 ? 12 : last))),
      unit: 'count' as const,
      room: 75,
    });
    expect([growthOf(pool(26)).grows, growthOf(pool(90)).grows]).toEqual([false, true]);
  });
});
