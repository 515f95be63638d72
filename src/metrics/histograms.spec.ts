import type { Counter } from './counter.js';
import { BUCKETS, linesOf, measured } from './histograms.js';

const OF_FILMS = { entity: 'MOVIE' };
const byName = (counted: Counter[]) =>
  Object.fromEntries(
    linesOf('job_wait_seconds', counted)
      .filter(({ labels }) => labels.entity === 'MOVIE')
      .map(({ suffix, labels, value }) => [labels.le ?? suffix.slice(1), value]),
  );

describe('histograms', () => {
  it('count a measurement in the lowest bucket that takes it, and in all above', () => {
    const counted = [0.01, 0.02, 299, 100_000].flatMap((seconds) => measured('job_wait_seconds', OF_FILMS, seconds));
    const lines = byName(counted);
    expect([lines['0.01'], lines['0.03'], lines['60'], lines['300'], lines['14400'], lines['+Inf']]).toEqual([
      1, 2, 2, 3, 3, 4,
    ]);
    expect([lines.count, lines.sum]).toEqual([4, 100_299.03]);
  });

  it('have all their lines where nothing was measured, for every kind', () => {
    const lines = linesOf('store_duration_seconds', []);
    expect(lines).toHaveLength(2 * (BUCKETS.store_duration_seconds.length + 3));
    expect(lines.every(({ value }) => value === 0)).toBe(true);
  });

  it('keep what was counted by other bounds', () => {
    const older = { name: 'job_wait_seconds_band', labels: { ...OF_FILMS, le: '7' }, value: 5 };
    const lines = byName([older]);
    expect([lines['3'], lines['10'], lines['+Inf']]).toEqual([0, 5, 5]);
  });
});
