import type { Queue } from 'bullmq';
import { ENTITIES, type Kind, KINDS } from './kinds.js';

/** Queues of jobs, one for each kind. */
export type QueueName = Kind['queue'];
export const QUEUES: readonly QueueName[] = ENTITIES.map((entity) => KINDS[entity].queue);

/** SQL: the queue of a row of generation_jobs. */
export const QUEUE_OF_ROW = `CASE entity ${ENTITIES.map(
  (entity) => `WHEN '${entity}' THEN '${KINDS[entity].queue}'`,
).join(' ')} END`;

/** Queue of the messages to webhooks. It is separate from the queues of jobs, so that a slow receiver delays no job. */
export const WEBHOOK_QUEUE = 'webhooks';
/** Queues that operators see. */
export type AnyQueueName = QueueName | typeof WEBHOOK_QUEUE;
export const ALL_QUEUES: readonly AnyQueueName[] = [...QUEUES, WEBHOOK_QUEUE];
export const WEBHOOK_JOB_NAME = 'DeliverWebhookJob';

/** The content of the queue: an id. Everything else is in the ledger, where it cannot be lost, damaged or outdated. */
export interface Delivery {
  job_id: string;
}

/** The same for a message to a webhook. */
export interface DeliveryRef {
  delivery_id: string;
}

/** Injection token of the producer of a queue. The worker's end has another name and its own connection. */
export const producerOf = (queue: AnyQueueName) => `dispatch-${queue}`;

/** Injection token of all producers, by the queue's name. */
export const PRODUCERS = 'PRODUCERS';
export type Producers = Record<AnyQueueName, Queue>;
