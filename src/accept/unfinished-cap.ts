import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { type Database, sqlRow } from '../database/sql.js';
import { type ProblemException, tooMany } from '../http/problem.js';
import { ACTIVE } from '../ledger/insert.js';

/** How long a count is believed, milliseconds. */
const FRESH_MS = 1000;
/** Seconds until a client that has too many unfinished jobs should try again. */
const RETRY_AFTER = 10;
/** Keys whose counts are kept, as long as nothing of theirs is being accepted. */
const KEYS = 1000;

interface Count {
  /** As the database had it. */
  unfinished: number;
  /** Made here since. */
  made: number;
  /** Just being accepted here. */
  open: number;
  freshUntil: number;
  counting: Promise<void> | null;
}

export interface Wanted {
  /**
   * Where to count: the transaction that makes the jobs, or it would wait for a second connection while it holds one.
   */
  db: Database;
  /** `null`: nobody whose jobs are counted. */
  keyId: string | null;
  /** New jobs at most. */
  jobs: number;
  /** New jobs at this moment; asked when there is no room for the most. */
  exactly?: () => Promise<number>;
}

/**
 * MAX_UNFINISHED_JOBS per key. The jobs are counted once a second, key and process, and what this process accepts is
 * added in between: so one process never goes over it, and several go over it by no more than the others accept
 * within that second.
 */
@Injectable()
export class UnfinishedCap {
  private readonly counts = new Map<string, Count>();

  constructor(private readonly config: Config) {}

  /**
   * Runs what makes jobs where there is room for them.
   * @param madeOf how many jobs really came of it
   * @throws ProblemException 429
   */
  async within<T>(wanted: Wanted, make: () => Promise<T>, madeOf: (result: T) => number): Promise<T> {
    if (wanted.keyId === null || this.config.maxUnfinishedJobs === 0) return make();
    const count = this.countOf(wanted.keyId);
    const taken = await this.take(count, wanted);
    let made = 0;
    try {
      const result = await make();
      made = madeOf(result);
      return result;
    } finally {
      count.open -= taken;
      count.made += made;
    }
  }

  /** @returns how many were taken room for */
  private async take(count: Count, { db, keyId, jobs, exactly }: Wanted): Promise<number> {
    if (performance.now() > count.freshUntil) await (count.counting ??= this.recount(count, db, keyId!));
    if (!this.hasRoom(count, jobs)) jobs = exactly ? await exactly() : jobs;
    if (!this.hasRoom(count, jobs)) throw this.full();
    count.open += jobs;
    return jobs;
  }

  private hasRoom({ unfinished, made, open }: Count, jobs: number): boolean {
    return jobs === 0 || unfinished + made + open + jobs <= this.config.maxUnfinishedJobs;
  }

  private full(): ProblemException {
    const most = this.config.maxUnfinishedJobs;
    const detail = `A key may have ${most} unfinished jobs, and this one would have more; wait until some are finished.`;
    return tooMany(detail, RETRY_AFTER, { name: 'unfinished', quota: most });
  }

  private countOf(keyId: string): Count {
    const known = this.counts.get(keyId);
    if (known) return known;
    const count = { unfinished: 0, made: 0, open: 0, freshUntil: 0, counting: null };
    for (const [key, { open, counting }] of this.counts) {
      if (this.counts.size < KEYS) break;
      if (open === 0 && !counting) this.counts.delete(key);
    }
    this.counts.set(keyId, count);
    return count;
  }

  /**
   * What is open while the question is on its way may be in the answer as well: then it counts twice until the next
   * one.
   */
  private async recount(count: Count, db: Database, keyId: string): Promise<void> {
    const asked = performance.now();
    const before = count.made;
    try {
      const { jobs } = await sqlRow<{ jobs: number }>(
        db,
        `SELECT count(*)::int AS jobs FROM (SELECT 1 FROM generation_jobs WHERE api_key_id = $1 AND ${ACTIVE}
          LIMIT $2) AS unfinished`,
        [keyId, this.config.maxUnfinishedJobs],
      );
      count.unfinished = jobs;
      count.made -= before;
      count.freshUntil = asked + FRESH_MS;
    } finally {
      count.counting = null;
    }
  }
}
