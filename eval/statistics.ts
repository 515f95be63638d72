import { Random } from '../test/support/run/random.ts';

export type Interval = [low: number, high: number];

/** Of a normal distribution, 95 of 100 in between. */
const Z = 1.959964;
/** Resamples, and the seed that makes two runs of the same numbers say the same. */
const RESAMPLES = 4000;
const SEED = 20_260_101;
/** Sums of the same numbers differ by so much, in another order. */
const ROUNDING = 1e-9;

const sumOf = (values: number[]): number => values.reduce((sum, value) => sum + value, 0);
export const meanOf = (values: number[]): number => (values.length === 0 ? NaN : sumOf(values) / values.length);

/** The smallest value that at least this part of them does not exceed. @param sorted the smallest first */
export const quantile = (sorted: number[], part: number): number =>
  sorted.length === 0 ? NaN : sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * part) - 1))]!;

const ascending = (values: number[]) => values.toSorted((one, other) => one - other);
export const medianOf = (values: number[]): number => quantile(ascending(values), 0.5);

/**
 * Where a share may lie that was found to be this among so many: Wilson's score interval, 95 %. It says something of
 * "all of them" as well, which a bootstrap does not.
 */
export function wilson(share: number, count: number): Interval {
  if (count === 0) return [0, 1];
  const scale = 1 + Z ** 2 / count;
  const middle = (share + Z ** 2 / (2 * count)) / scale;
  const half = (Z / scale) * Math.sqrt((share * (1 - share)) / count + Z ** 2 / (4 * count ** 2));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** Means of as many values, drawn with replacement; sorted. */
function resampledMeans(values: number[]): number[] {
  const random = new Random(SEED);
  const means = Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let n = 0; n < values.length; n++) sum += random.pick(values);
    return sum / values.length;
  });
  return ascending(means);
}

/** Where the mean of values may lie, 95 %, by bootstrap; nothing is assumed of how they are distributed. */
export function bootstrapped(values: number[]): Interval {
  if (values.length === 0) return [NaN, NaN];
  const means = resampledMeans(values);
  return [quantile(means, 0.025), quantile(means, 0.975)];
}

/**
 * How likely a sum at least as far from 0 is, where each difference might as well have had the other sign: of both
 * sides. Of few differences all ways to sign them are looked at, else some by chance. Five of them never say less than
 * 1 in 16, however large they are.
 */
export function signFlipTest(differences: number[]): number {
  const random = new Random(SEED);
  const all = 2 ** differences.length;
  const isExact = all <= RESAMPLES;
  const isUp = (way: number, at: number) => (isExact ? (way >> at) % 2 === 0 : random.next() < 0.5);
  const found = Math.abs(sumOf(differences)) * (1 - ROUNDING);
  let asFar = 0;
  for (let way = 0; way < (isExact ? all : RESAMPLES); way++)
    if (Math.abs(sumOf(differences.map((one, at) => (isUp(way, at) ? one : -one)))) >= found) asFar++;
  return isExact ? asFar / all : (asFar + 1) / (RESAMPLES + 1);
}

/**
 * How likely it is that so many or more differences have the same sign, where either sign is as likely: the exact sign
 * test, of both sides. Those that are 0 say nothing. Of right and wrong it is McNemar's exact test.
 */
export function signTest(differences: number[]): number {
  const up = differences.filter((one) => one > 0).length;
  const down = differences.filter((one) => one < 0).length;
  const count = up + down;
  if (count === 0) return 1;
  const least = Math.min(up, down);
  let tail = 0;
  for (let n = 0; n <= least; n++) tail += Math.exp(logChoose(count, n) - count * Math.LN2);
  return Math.min(1, 2 * tail);
}

/** The logarithm: the number itself is too large from some thousand on. */
function logChoose(count: number, taken: number): number {
  let sum = 0;
  for (let n = 1; n <= taken; n++) sum += Math.log(count - taken + n) - Math.log(n);
  return sum;
}

/**
 * Which of many findings stand at this level when all of them are looked at: Holm's rule. Of twenty that are chance
 * alone one would be below 0.05 by itself.
 */
export function standing(chances: number[], level: number): boolean[] {
  const order = chances.map((chance, at) => ({ chance, at })).sort((one, other) => one.chance - other.chance);
  const failed = order.findIndex(({ chance }, rank) => chance > level / (chances.length - rank));
  const stands = new Set((failed < 0 ? order : order.slice(0, failed)).map(({ at }) => at));
  return chances.map((_, at) => stands.has(at));
}
