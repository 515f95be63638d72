import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { type Database, sqlRow } from '../database/sql.js';
import { ProblemException, tooMany } from '../http/problem.js';
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

/** Jobs that a request would have made. */
export interface Wanted {
  /** `null`: nobody whose jobs are counted. */
  keyId: string | null;
  /** At most. */
  jobs: number;
  /** At this moment; asked when there is no room for the most. */
  exactly?: () => Promise<number>;
}

/** Room that is taken for jobs until they are made. */
interface Place {
  count: Count;
  keyId: string;
  jobs: number;
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
   * Takes room for the jobs of each request, if there is. Whoever takes room ends with {@link Room.leave}.
   * @param db where to count: the transaction that makes the jobs, or it would wait for a second connection while it
   *   holds one
   */
  async reserve(db: Database, wanted: Wanted[]): Promise<Room> {
    const room = new Room();
    try {
      for (const one of wanted) room.add(await this.take(db, one));
      return room;
    } catch (error) {
      room.leave([]);
      throw error;
    }
  }

  /** @returns `null`: nothing is counted */
  private async take(db: Database, { keyId, jobs, exactly }: Wanted): Promise<Place | ProblemException | null> {
    if (keyId === null || jobs === 0 || this.config.maxUnfinishedJobs === 0) return null;
    const count = this.countOf(keyId);
    if (performance.now() > count.freshUntil) await (count.counting ??= this.recount(count, db, keyId));
    if (!this.hasRoom(count, jobs)) jobs = exactly ? await exactly() : jobs;
    if (!this.hasRoom(count, jobs)) return this.full();
    count.open += jobs;
    return { count, keyId, jobs };
  }

  private hasRoom({ unfinished, made, open }: Count, jobs: number): boolean {
    return jobs === 0 || unfinished + made + open + jobs <= this.config.maxUnfinishedJobs;
  }

  private full(): ProblemException {
    const most = this.config.maxUnfinishedJobs;
    const text = `A key may have ${most} unfinished jobs, and this one would have more; wait until some are finished.`;
    return tooMany(text, RETRY_AFTER, { name: 'unfinished', quota: most });
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

/** What {@link UnfinishedCap.reserve} found for each of the requests. */
export class Room {
  /** Why a request got none; `null`: it has what it wants. In the order of the requests. */
  readonly refusals: (ProblemException | null)[] = [];
  private readonly places: Place[] = [];

  add(found: Place | ProblemException | null): void {
    this.refusals.push(found instanceof ProblemException ? found : null);
    if (found && !(found instanceof ProblemException)) this.places.push(found);
  }

  /** Gives the room back. @param made the jobs that came of it; they are counted from now on */
  leave(made: { api_key_id: string | null }[]): void {
    for (const { count, jobs } of this.places) count.open -= jobs;
    const counts = new Map(this.places.map(({ keyId, count }) => [keyId, count]));
    for (const { api_key_id } of made) {
      const count = api_key_id === null ? undefined : counts.get(api_key_id);
      if (count) count.made++;
    }
  }
}
