import { ENTITIES } from '../domain/kinds.js';
import type { Counter, Labels } from './counter.js';

/**
 * Upper bounds of the buckets, seconds. A quantile is found within one bucket, so bounds lie close where times are
 * usual, and far apart where only the order of magnitude matters.
 */
export const BUCKETS = {
  /** With room a worker begins at once. Behind others it is seconds to minutes, and hours under a hold or a pause. */
  job_wait_seconds: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 60, 300, 900, 3600, 14_400],
  /** A text takes one to three calls; the back-offs between tries are 20 s and a minute; a hold takes hours. */
  job_duration_seconds: [0.1, 0.3, 1, 2, 5, 10, 20, 30, 60, 120, 300, 900, 3600, 14_400],
  /** A model takes seconds. OPENAI_TIMEOUT_MS is a minute where nobody has set it, and ten at most. */
  model_call_duration_seconds: [0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600],
  /** A commit takes milliseconds; a disk or a lock in trouble takes seconds. */
  store_duration_seconds: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  /** A model takes seconds, a timeout a minute. */
  generation_duration_seconds: [0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 120],
} as const satisfies Record<string, readonly number[]>;

export type HistogramName = keyof typeof BUCKETS;

const BEYOND = '+Inf';

/** What is counted for one measurement: its bucket alone, without the higher ones that contain it too. */
export function measured(name: HistogramName, labels: Labels, seconds: number): Counter[] {
  const bound = BUCKETS[name].find((one) => seconds <= one);
  return [
    { name: `${name}_band`, labels: { ...labels, le: bound === undefined ? BEYOND : String(bound) }, value: 1 },
    { name: `${name}_sum`, labels, value: seconds },
  ];
}

/** A line of a histogram as Prometheus reads it. */
export interface Line {
  suffix: '_bucket' | '_sum' | '_count';
  labels: Labels;
  value: number;
}

/** Every line for every kind, where nothing was measured too. */
export function linesOf(name: HistogramName, counted: Counter[]): Line[] {
  const bands = counted.filter((one) => one.name === `${name}_band`);
  const sums = counted.filter((one) => one.name === `${name}_sum`);
  return ENTITIES.flatMap((entity): Line[] => {
    const own = (rows: Counter[]) => rows.filter(({ labels }) => labels.entity === entity);
    const upTo = (most: number) => totalOf(own(bands).filter(({ labels }) => Number(labels.le) <= most));
    return [
      ...BUCKETS[name].map((most) => bucket(entity, String(most), upTo(most))),
      bucket(entity, BEYOND, totalOf(own(bands))),
      { suffix: '_sum', labels: { entity }, value: totalOf(own(sums)) },
      { suffix: '_count', labels: { entity }, value: totalOf(own(bands)) },
    ];
  });
}

const bucket = (entity: string, le: string, value: number): Line => ({
  suffix: '_bucket',
  labels: { entity, le },
  value,
});
const totalOf = (rows: Counter[]) => rows.reduce((total, { value }) => total + value, 0);
