import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseUnavailable, isTransient } from '../database/sql.js';
import { waitAfter } from '../timing/backoff.js';
import type { Loop } from '../timing/loop.js';
import { Loops } from '../timing/loops.js';
import { Leases } from './leases.js';

/**
 * How long a write is tried that alone is refused, milliseconds. While leases are not renewed either, the database is
 * away: what a job has come to waits in memory, for however long. Meanwhile the worker has nothing else to do.
 */
const DATABASE_PATIENCE_MS = 900_000;
/** Pauses before the same write is sent again. */
const DATABASE_AWAY = { firstMs: 50, longestMs: 2000 };

/** What a worker does while its database is away: it waits. An outage of the database is not a try. */
@Injectable()
export class Patience {
  /** Told to stop, a worker waits no more. */
  stopping = false;
  private readonly ran: Loop;

  constructor(
    loops: Loops,
    private readonly leases: Leases,
  ) {
    this.ran = loops.open('run-jobs');
  }

  /** Writes, again and again until the database is back. @param write may be run twice */
  async untilDatabaseAnswers<T>(write: () => Promise<T>): Promise<T> {
    // By a monotonic clock.
    let deadline = performance.now() + DATABASE_PATIENCE_MS;
    for (let failures = 1; ; failures++) {
      try {
        const written = await write();
        this.ran.succeeded();
        return written;
      } catch (error) {
        this.ran.refused(error);
        if (this.leases.failing) deadline = performance.now() + DATABASE_PATIENCE_MS;
        const mayPass = isDatabaseUnavailable(error) || isTransient(error);
        if (!mayPass || this.stopping || performance.now() > deadline) throw error;
        await sleep(waitAfter(failures, DATABASE_AWAY));
      }
    }
  }
}
