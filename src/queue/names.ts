import type { Queue } from 'bullmq';
import type { EntityKind } from '../jobs/vocabulary.js';

/** Queues, as operators see them. */
export const QUEUES = ['movies', 'people'] as const;
export type QueueName = (typeof QUEUES)[number];

export const QUEUE_OF: Record<EntityKind, QueueName> = { MOVIE: 'movies', PERSON: 'people' };
/** The same in SQL, for a row of generation_jobs: its queue. */
export const QUEUE_OF_ROW = `CASE entity ${Object.entries(QUEUE_OF)
  .map(([entity, queue]) => `WHEN '${entity}' THEN '${queue}'`)
  .join(' ')} END`;
export const JOB_NAMES: Record<EntityKind, string> = { MOVIE: 'GenerateMovieJob', PERSON: 'GeneratePersonJob' };

/** What the queue carries: an id. Everything else is in the ledger, where it cannot be lost, damaged or stale. */
export interface Delivery {
  job_id: string;
}

/** Token of the producer's end of a queue. Named apart from the worker's end, which has its own connection. */
export const producerOf = (queue: QueueName) => `dispatch-${queue}`;

/** Token of all of them, by the queue's name. */
export const PRODUCERS = 'PRODUCERS';
export type Producers = Record<QueueName, Queue<Delivery>>;
