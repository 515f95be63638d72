import { Logger } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { described, endOf, type LockHolder, stuckHolderOf } from '../database/lock-holder.js';
import { sql, sqlRow } from '../database/sql.js';
import type { Dispatcher } from './dispatcher.js';
import { InHand } from './in-hand.js';
import type { DispatchPlace, Outbox, Waiting } from './outbox.js';

const BATCH = 5000;
/** Rows that the queue is asked for at a time. */
const PAGE = 500;
/** A row that has been in the queue for this long without a claim is checked, seconds. */
const CHECK_AFTER_SECONDS = 15;
/** How many of them are checked in each queue, the longest waiting first. */
const SAMPLE = 20;
const FIRST: DispatchPlace = { dispatched_at: '-infinity', id: '00000000-0000-0000-0000-000000000000' };

/** How many rows were found: gone from the queue, and taken by workers that did not begin. */
export interface Found {
  lost: number;
  notBegun: number;
}

/** Gives rows back to the dispatcher that the queue has lost, or may have lost. One process at a time does it. */
export class Redispatch<Row extends Waiting = Waiting> {
  private readonly logger = new Logger('Redispatch');
  private readonly inHand = new InHand<Row>();

  constructor(
    private readonly db: DataSource,
    private readonly outbox: Outbox<Row>,
    private readonly dispatcher: Dispatcher<Row>,
  ) {}

  /**
   * Makes everything due again that was handed over before now, after the queue's server began anew. A row that the
   * queue still has is not added twice.
   * @param onProgress called after each batch, because all of them may take minutes
   * @returns how many; `null` when another process is doing it
   */
  async all(onProgress: () => void): Promise<number | null> {
    const before = await this.now();
    for (let total = 0; ;) {
      const count = await this.withRedispatchLock((tx) => this.outbox.dispatchAgain(tx, before, BATCH));
      if (count === null) return null;
      total += count;
      onProgress();
      if (count < BATCH) return total;
    }
  }

  /**
   * Finds rows that the queue has lost. It checks the few that wait longest in each queue. A queue is first in, first
   * out, so a lost row becomes one of them by the time it should have run. Only when one is missing it checks all.
   * @param onProgress as with {@link all}
   */
  async findLost(onProgress: () => void): Promise<Found> {
    const sample = await this.outbox.longestDispatched(CHECK_AFTER_SECONDS, SAMPLE);
    const states = await Promise.all(sample.map((row) => this.dispatcher.stateOf(row)));
    const notBegun = await this.takeBack(sample.filter(({ free }, n) => free && states[n] === 'active'));
    const lost = states.includes('unknown') ? ((await this.redispatchLost(onProgress)) ?? 0) : 0;
    const msg = `the queue had lost ${this.outbox.name}; they are handed over again`;
    if (lost > 0) this.logger.warn({ msg, count: lost });
    return { lost, notBegun };
  }

  /** Rows that a worker took and never began. @returns how many */
  private async takeBack(taken: Row[]): Promise<number> {
    const dropped = this.inHand.tooLong(taken);
    if (dropped.length === 0) return 0;
    await this.outbox.dispatchAnew(dropped);
    const msg = `workers took ${this.outbox.name} and did not begin; they are handed over again`;
    this.logger.warn({ msg, count: dropped.length });
    return dropped.length;
  }

  /** @returns how many; `null` when another process is doing it */
  private async redispatchLost(onProgress: () => void): Promise<number | null> {
    const before = await this.now();
    let total = 0;
    for (let after = FIRST; ;) {
      const page = await this.withRedispatchLock((tx) => this.outbox.dispatchedAfter(tx, after, before, PAGE));
      if (page === null) return null;
      const lost = await this.lostOf(page);
      if (lost.length > 0) await this.outbox.dispatchAnew(lost);
      total += lost.length;
      onProgress();
      if (page.length < PAGE) return total;
      after = page.at(-1)!;
    }
  }

  private async lostOf<T extends Row>(rows: T[]): Promise<T[]> {
    const states = await Promise.all(rows.map((row) => this.dispatcher.stateOf(row)));
    return rows.filter((_, n) => states[n] === 'unknown');
  }

  /** The database's time at the start: rows handed over from then on are not checked. */
  private async now(): Promise<Date> {
    return (await sqlRow<{ now: Date }>(this.db, 'SELECT now()')).now;
  }

  /**
   * Runs one batch in a transaction of its own, with the lock in it. Between two batches another process may go on. A
   * lock of the session has two faults: behind a pooler it would stay with the next client, and it would need a second
   * connection.
   */
  private withRedispatchLock<T>(batch: (tx: EntityManager) => Promise<T>): Promise<T | null> {
    return this.db.transaction(async (tx) => {
      const lock = 'SELECT pg_try_advisory_xact_lock($1) AS free';
      const { free } = await sqlRow<{ free: boolean }>(tx, lock, [this.outbox.lock]);
      if (free) return batch(tx);
      await this.refuseStuck(tx);
      return null;
    });
  }

  /**
   * Another process that does this ends by itself. A lock that was left behind would keep all processes from it for
   * ever, unnoticed.
   */
  private async refuseStuck(tx: EntityManager): Promise<void> {
    const { name, lock } = this.outbox;
    const [holder] = await sql<LockHolder>(tx, stuckHolderOf(lock));
    if (holder)
      throw new Error(`${described(holder)} holds the lock of who hands ${name} over again; ${endOf(holder)}`);
  }
}
