import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { sqlRow } from '../database/sql.js';
import { type ProblemException, tooMany } from '../http/problem.js';

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

/**
 * MAX_UNFINISHED_JOBS per key. The jobs are counted once a second, key and process, and what this process accepts is added in
 * between: so one process never goes over it, and several go over it by no more than the others accept within that second.
 */
@Injectable()
export class UnfinishedCap {
  private readonly counts = new Map<string, Count>();

  constructor(
    private readonly db: DataSource,
    private readonly config: Config,
  ) {}

  /** Runs what makes one job unfinished, or none (`null`), where there is room. @returns 'full' where there is not */
  async within<T>(keyId: string | null, make: () => Promise<T | null>): Promise<T | null | 'full'> {
    if (!(await this.take(keyId, 1))) return 'full';
    let made: T | null = null;
    try {
      return (made = await make());
    } finally {
      this.settle(keyId, 1, made === null ? 0 : 1);
    }
  }

  /** Takes room for `jobs` more, until {@link settle}. @returns whether there was room */
  async take(keyId: string | null, jobs: number): Promise<boolean> {
    const most = this.config.maxUnfinishedJobs;
    if (keyId === null || most === 0) return true;
    const count = this.countOf(keyId);
    if (performance.now() > count.freshUntil) await (count.counting ??= this.recount(keyId, count));
    if (count.unfinished + count.made + count.open + jobs > most) return false;
    count.open += jobs;
    return true;
  }

  /** Ends what {@link take} began. @param made how many of the `jobs` are new rows now */
  settle(keyId: string | null, jobs: number, made: number): void {
    const count = keyId === null ? undefined : this.counts.get(keyId);
    if (!count) return;
    count.open -= jobs;
    count.made += made;
  }

  /** The problem 429 of a key that has too many. */
  full(): ProblemException {
    return tooMany(
      `This key has ${this.config.maxUnfinishedJobs} unfinished jobs, the most it may have; wait until some are finished.`,
      RETRY_AFTER,
    );
  }

  private countOf(keyId: string): Count {
    const known = this.counts.get(keyId);
    if (known) return known;
    const count = { unfinished: 0, made: 0, open: 0, freshUntil: 0, counting: null };
    for (const [key, { open }] of this.counts) {
      if (this.counts.size < KEYS) break;
      if (open === 0) this.counts.delete(key);
    }
    this.counts.set(keyId, count);
    return count;
  }

  /** What is open while the question is on its way may be in the answer as well: then it counts twice until the next one. */
  private async recount(keyId: string, count: Count): Promise<void> {
    const asked = performance.now();
    const before = count.made;
    try {
      const { jobs } = await sqlRow<{ jobs: number }>(
        this.db,
        `SELECT count(*)::int AS jobs FROM (SELECT 1 FROM generation_jobs
           WHERE api_key_id = $1 AND status IN ('PENDING', 'IN_PROGRESS') LIMIT $2) AS unfinished`,
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
