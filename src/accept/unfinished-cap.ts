import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { type Database, sqlRow } from '../database/sql.js';
import { ProblemException, tooMany } from '../http/problem.js';
import { ACTIVE } from '../ledger/insert.js';

/** How long a count is used, milliseconds. */
const FRESH_MS = 1000;
/** Seconds until a client that has too many unfinished jobs should try again. */
const RETRY_AFTER = 10;
/** Most keys whose counts are kept while none of their requests is being accepted. */
const KEYS = 1000;

interface Count {
  /** As counted in the database. */
  unfinished: number;
  /** Jobs that this process has made since. */
  made: number;
  /** Jobs that this process is just accepting. */
  open: number;
  freshUntil: number;
  counting: Promise<void> | null;
}

/** The jobs that a request would make. */
export interface Wanted {
  /** `null`: there is no key, so nothing is counted. */
  keyId: string | null;
  /** The most jobs it may make. */
  jobs: number;
  /** The number it would make now; called when there is no room for the most. */
  exactly?: () => Promise<number>;
}

/** Room that is reserved for jobs until they are made. */
interface Place {
  count: Count;
  keyId: string;
  jobs: number;
}

/**
 * Holds MAX_UNFINISHED_JOBS per key. Each process counts the jobs of a key once a second, and adds what it accepts in
 * between. So it is exact for one process. Several processes may exceed the cap by what the others accept in one
 * second.
 */
@Injectable()
export class UnfinishedCap {
  private readonly counts = new Map<string, Count>();

  constructor(private readonly config: Config) {}

  /**
   * Reserves room for the jobs of each request, if there is any. The caller must end with {@link Room.leave}.
   * @param db the transaction that makes the jobs; counting on another connection would wait for a second one while it
   * holds the first
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
   * Jobs that are being accepted during the count may be in its result as well. Then they count twice until the next
   * count.
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

/** The result of {@link UnfinishedCap.reserve} for each of the requests. */
export class Room {
  /** Why a request got no room; `null`: it has room. In the order of the requests. */
  readonly refusals: (ProblemException | null)[] = [];
  private readonly places: Place[] = [];

  add(found: Place | ProblemException | null): void {
    this.refusals.push(found instanceof ProblemException ? found : null);
    if (found && !(found instanceof ProblemException)) this.places.push(found);
  }

  /** Gives the room back. @param made the jobs that were made; they are counted from now on */
  leave(made: { api_key_id: string | null }[]): void {
    for (const { count, jobs } of this.places) count.open -= jobs;
    const counts = new Map(this.places.map(({ keyId, count }) => [keyId, count]));
    for (const { api_key_id } of made) {
      const count = api_key_id === null ? undefined : counts.get(api_key_id);
      if (count) count.made++;
    }
  }
}
