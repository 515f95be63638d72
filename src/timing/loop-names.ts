import { ALL_QUEUES, type AnyQueueName } from '../domain/queues.js';

/** The loop of a queue's worker. */
export const workOn = (queue: AnyQueueName) => `work-${queue}` as const;

/** All loops of a process. If one stands still, the queue may stand still although requests are answered. */
export const LOOPS = [
  'dispatch-jobs',
  'dispatch-webhooks',
  'queue-watch',
  'sweep-jobs',
  'sweep-webhooks',
  'housekeeping',
  'complete-batches',
  'counters',
  'announce-changes',
  'listen-to-changes',
  'listen-to-queue',
  'watch-jobs',
  'watch-replica',
  'status-cache',
  'rate-limits',
  'heartbeat',
  'renew-leases',
  ...ALL_QUEUES.map(workOn),
  'run-jobs',
  'run-webhooks',
  'ask-model',
  'watch-model',
] as const;
export type LoopName = (typeof LOOPS)[number];
