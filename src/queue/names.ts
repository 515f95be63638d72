import type { EntityKind } from '../jobs/vocabulary.js';

/** Queues, as operators see them. */
export const QUEUES = ['movies', 'people'] as const;
export type QueueName = (typeof QUEUES)[number];

export const QUEUE_OF: Record<EntityKind, QueueName> = { MOVIE: 'movies', PERSON: 'people' };
export const JOB_NAMES: Record<EntityKind, string> = { MOVIE: 'GenerateMovieJob', PERSON: 'GeneratePersonJob' };

/** What the queue carries: an id. Everything else is in the ledger, where it cannot be lost, damaged or stale. */
export interface Delivery {
  job_id: string;
}

/** Token of the producer's end of a queue. Named apart from the worker's end, which has its own connection. */
export const producerOf = (queue: QueueName) => `dispatch-${queue}`;
