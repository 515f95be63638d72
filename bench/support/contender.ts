import type { Child } from './child.ts';

/** When a job was done, by its id; milliseconds since 1970. */
export type Done = Map<string, number>;

/**
 * Who takes part: one process for HTTP, which lives all the time, and one worker, started for a turn. All take the
 * same request and answer 202 with a `job_id`.
 */
export interface Contender {
  name: string;
  /** Of the same things on the same database and Redis. */
  startApi(): Promise<Child>;
  /** @returns it once it is ready for jobs */
  startWorker(concurrency: number): Promise<Child>;
  /** How many of these jobs it has, each once: rows, or entries of the queue where there are none. */
  kept(ids: string[]): Promise<number>;
  /** How many jobs a worker would find waiting in the queue. */
  queued(): Promise<number>;
  done(ids: string[]): Promise<Done>;
}

/** A text for what cannot be compared with the others. */
export const OURS = 'MovieMind';
