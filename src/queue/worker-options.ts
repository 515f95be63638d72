import type { Processor } from '@nestjs/bullmq';

type NestWorkerOptions = NonNullable<Parameters<typeof Processor>[1]>;

/** How long the queue believes a worker that fell silent before it began, and how often it looks, milliseconds. */
export const QUEUE_LOCK_MS = 15_000;
export const STALLED_LOOK_MS = 5000;

/**
 * Options of both processors. Tries, crashes and back-off are counted in the ledger, so BullMQ's own bookkeeping is
 * told never to give a job up: with its default `maxStalledCount` of 1 two crashes would fail it for good. Locks are
 * short and looked at often: a delivery whose receiver was lost before it claimed the row comes back only when its
 * lock has run out (with a minute of it, 90 s were measured). Locks guard nothing else: the row's lease does.
 * `autorun`: workers start when the whole application stands.
 */
export const WORKER_OPTIONS: NestWorkerOptions = {
  autorun: false,
  maxStalledCount: 1_000_000,
  lockDuration: QUEUE_LOCK_MS,
  stalledInterval: STALLED_LOOK_MS,
  runRetryDelay: 1000,
  removeOnComplete: { count: 0 },
  removeOnFail: { count: 0 },
};

/** Messages a worker sends at once. They cost it next to nothing but the time that receivers take, 15 s at most. */
export const WEBHOOK_CONCURRENCY = 50;
