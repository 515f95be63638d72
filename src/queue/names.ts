import type { Queue } from 'bullmq';
import type { Config } from '../config/config.js';
import type { EntityKind } from '../jobs/vocabulary.js';

/** Queues of jobs. */
export const QUEUES = ['movies', 'people'] as const;
export type QueueName = (typeof QUEUES)[number];

export const QUEUE_OF: Record<EntityKind, QueueName> = { MOVIE: 'movies', PERSON: 'people' };
/** The same in SQL, for a row of generation_jobs: its queue. */
export const QUEUE_OF_ROW = `CASE entity ${Object.entries(QUEUE_OF)
  .map(([entity, queue]) => `WHEN '${entity}' THEN '${queue}'`)
  .join(' ')} END`;
export const JOB_NAMES: Record<EntityKind, string> = { MOVIE: 'GenerateMovieJob', PERSON: 'GeneratePersonJob' };

/** Queue of the messages to webhooks: apart from the jobs', so that a slow receiver holds up no job. */
export const WEBHOOK_QUEUE = 'webhooks';
/** Queues, as operators see them. */
export const ALL_QUEUES = [...QUEUES, WEBHOOK_QUEUE] as const;
export type AnyQueueName = (typeof ALL_QUEUES)[number];
export const WEBHOOK_JOB_NAME = 'DeliverWebhookJob';

/** What the queue carries: an id. Everything else is in the ledger, where it cannot be lost, damaged or stale. */
export interface Delivery {
  job_id: string;
}

/** The same for a message to a webhook. */
export interface DeliveryRef {
  delivery_id: string;
}

/** Token of the producer's end of a queue. Named apart from the worker's end, which has its own connection. */
export const producerOf = (queue: AnyQueueName) => `dispatch-${queue}`;

/** Token of all of them, by the queue's name. */
export const PRODUCERS = 'PRODUCERS';
export type Producers = Record<QueueName, Queue<Delivery>> & Record<typeof WEBHOOK_QUEUE, Queue<DeliveryRef>>;

/** What the queue's keys in Redis begin with. `{}` keeps those of a deployment in one slot, as Redis Cluster asks of BullMQ. */
export const keyPrefixOf = ({ redis, queuePrefix }: Pick<Config, 'redis' | 'queuePrefix'>) =>
  redis?.kind === 'cluster' ? `{${queuePrefix}}` : queuePrefix;
