import type { Queue } from 'bullmq';
import { ENTITIES, type Kind, KINDS } from './kinds.js';

/** Queues of jobs, one a kind. */
export type QueueName = Kind['queue'];
export const QUEUES: readonly QueueName[] = ENTITIES.map((entity) => KINDS[entity].queue);

/** In SQL, for a row of generation_jobs: its queue. */
export const QUEUE_OF_ROW = `CASE entity ${ENTITIES.map((entity) => `WHEN '${entity}' THEN '${KINDS[entity].queue}'`).join(' ')} END`;

/** Queue of the messages to webhooks: apart from the jobs', so that a slow receiver holds up no job. */
export const WEBHOOK_QUEUE = 'webhooks';
/** Queues, as operators see them. */
export type AnyQueueName = QueueName | typeof WEBHOOK_QUEUE;
export const ALL_QUEUES: readonly AnyQueueName[] = [...QUEUES, WEBHOOK_QUEUE];
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
export type Producers = Record<AnyQueueName, Queue>;
