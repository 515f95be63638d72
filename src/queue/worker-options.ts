import type { Processor } from '@nestjs/bullmq';

type NestWorkerOptions = NonNullable<Parameters<typeof Processor>[1]>;

/** How long the queue trusts a worker that has not begun, and how often it checks, milliseconds. */
export const QUEUE_LOCK_MS = 15_000;
export const STALLED_LOOK_MS = 5000;

/**
 * Options of both processors.
 *
 * The ledger counts tries, crashes and back-off, so BullMQ must never give a job up. Its default `maxStalledCount` of 1
 * would fail a job for good after two crashes. Locks are short and checked often. A delivery whose worker died before
 * the claim comes back only when its lock has run out. With a lock of a minute, 90 s were measured. Locks protect
 * nothing else: the row's lease does. `autorun`: workers start when the whole application has started.
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

/**
 * Most messages that a worker sends at once. A message costs it little but the time that receivers take, 15 s at most.
 */
export const WEBHOOK_CONCURRENCY = 50;
