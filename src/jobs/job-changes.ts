import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { heardEveryMs, Listener } from '../database/listener.js';
import { sql } from '../database/sql.js';
import type { Loop } from '../timing/loop.js';
import { Loops } from '../timing/loops.js';
import { settled } from '../timing/within.js';
import { type Change, CHANNEL, decode } from '../ledger/change-announcer.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { HOLD } from '../ledger/hold.js';
import { StatusCache } from './status-cache.js';

/** How often the ledger is asked for all watched jobs, even without an announcement, milliseconds. */
const POLL_MS = 1000;
const LEAVE_WITHIN_MS = 100;
/** Most jobs in a statement. */
const BATCH = 2000;

const CHANGES = {
  name: CHANNEL,
  logger: 'Changes',
  what: 'changes',
  otherwise: 'waiting clients are served by polls, once a second',
};

/** A job that clients of this process wait for. */
interface Watched {
  /** The newest state that this process has seen; `null`: none yet. */
  job: GenerationJob | null;
  /** How often a poll has found it changed. */
  changes: number;
  watches: number;
  wake: Set<() => void>;
  /** No change will follow: the job was removed, or the process stops. */
  ended: boolean;
}

/**
 * Clients of this process that wait for jobs. The process that changes a job announces the change ({@link
 * ChangeAnnouncer}). Each second one statement asks the ledger for all watched jobs, so a lost announcement only delays
 * the news. However many clients wait, this takes one connection that listens and one statement at a time.
 */
@Injectable()
export class JobChanges implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly watched = new Map<string, Watched>();
  /** Jobs that may have changed. */
  private readonly toCheck = new Set<string>();
  private looking = false;
  private stopping = false;
  private listener: Listener | null = null;
  /** Settles when the listener has stopped. */
  private left: Promise<unknown> = Promise.resolve();
  private poll: NodeJS.Timeout | undefined;
  private loop: Loop | null = null;

  constructor(
    private readonly db: DataSource,
    private readonly cache: StatusCache,
    private readonly config: Config,
    private readonly loops: Loops,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.servesHttp) return;
    this.loop = this.loops.open('watch-jobs');
    this.poll = setInterval(() => this.check(this.watched.keys()), POLL_MS).unref();
    const handlers = {
      notice: (notice: string) => {
        const changes = decode(notice);
        this.cache.noteChanges(changes);
        this.check(changes.filter((change) => this.isNews(change)).map(({ id }) => id));
      },
      connected: (yes: boolean) => {
        this.cache.listening = yes;
        if (yes) this.check(this.watched.keys());
      },
    };
    const url = this.config.listenUrl;
    const loop = this.loops.open('listen-to-changes', heardEveryMs(url));
    this.listener = new Listener(url, CHANGES, handlers, loop);
    this.listener.start();
  }

  /** Runs before the server closes: the server waits for open answers, so all waits end here without news. */
  beforeApplicationShutdown(): void {
    this.stopping = true;
    clearInterval(this.poll);
    for (const entry of this.watched.values()) end(entry);
    if (this.listener) this.left = this.listener.stop();
    this.left.catch(() => undefined);
  }

  /** The listener has had the whole stop to end; a database that does not answer gets no more time. */
  async onApplicationShutdown(): Promise<void> {
    await settled(LEAVE_WITHIN_MS, this.left);
  }

  /** How many clients wait. */
  get waiting(): number {
    return [...this.watched.values()].reduce((sum, { watches }) => sum + watches, 0);
  }

  /** Call it before the job is read for the first time, so that no change is missed. The watch must be closed. */
  watch(id: string): JobWatch {
    const entry = this.watched.get(id) ?? { job: null, changes: 0, watches: 0, wake: new Set(), ended: this.stopping };
    this.watched.set(id, entry);
    entry.watches++;
    return new JobWatch(entry, () => {
      if (--entry.watches === 0 && this.watched.get(id) === entry) this.watched.delete(id);
    });
  }

  private isNews({ id, revision }: Change): boolean {
    const entry = this.watched.get(id);
    return entry !== undefined && revision > (entry.job?.revision ?? 0);
  }

  /** Has these jobs read: now, or after the read that is under way. */
  private check(ids: Iterable<string>): void {
    for (const id of ids) this.toCheck.add(id);
    if (!this.looking) void this.look();
  }

  private async look(): Promise<void> {
    this.looking = true;
    while (this.toCheck.size > 0 && !this.stopping) {
      const ids = [...this.toCheck].slice(0, BATCH);
      for (const id of ids) this.toCheck.delete(id);
      // After a failure the next poll asks again.
      const watched = ids.filter((id) => this.watched.has(id));
      await this.loop!.run(() => this.ask(watched)).catch(() => undefined);
    }
    this.looking = false;
  }

  private async ask(ids: string[]): Promise<void> {
    if (ids.length === 0) return;
    const known = ids.map((id) => this.watched.get(id)?.job ?? null);
    const changed = await sql<GenerationJob & { watched_id: string; known: number; held: string }>(
      this.db,
      `SELECT * FROM (SELECT watched.id AS watched_id, watched.revision AS known, watched.held, job.*, ${HOLD} AS hold
         FROM unnest($1::uuid[], $2::integer[], $3::text[]) AS watched (id, revision, held)
         LEFT JOIN generation_jobs job ON job.id = watched.id) AS found
       WHERE id IS NULL OR revision > known OR ${HELD_BY} <> held`,
      [ids, known.map((job) => job?.revision ?? 0), known.map((job) => heldBy(job))],
    );
    for (const { watched_id, known: _, held: __, ...job } of changed) {
      const entry = this.watched.get(watched_id);
      if (!entry) continue;
      if (job.id === null) end(entry);
      else this.update(entry, job);
    }
  }

  private update(entry: Watched, job: GenerationJob): void {
    // Sent to Redis before a client can ask this process again. So no poll gets an older state than a waiting client
    // has just got.
    void this.cache.put(job);
    setNewest(entry, job);
    entry.changes++;
    for (const wake of entry.wake) wake();
  }
}

/** The wait of one client for a job. */
export class JobWatch {
  private seen: number;

  constructor(
    private readonly entry: Watched,
    readonly close: () => void,
  ) {
    this.seen = entry.changes;
  }

  /**
   * Waits until the job is newer than `known`, or a hold has begun or ended.
   * @returns `null` when nothing came before `signal` was aborted, or no change can follow
   */
  async newer(known: GenerationJob, signal: AbortSignal): Promise<GenerationJob | null> {
    const { entry } = this;
    setNewest(entry, known); // a caller that has read the job itself may know a newer state
    for (;;) {
      if (signal.aborted) return null;
      if (entry.job && this.isNews(entry.job, known)) return entry.job;
      if (entry.ended) return null;
      await new Promise<void>((wake) => {
        const done = () => {
          entry.wake.delete(done);
          signal.removeEventListener('abort', done);
          wake();
        };
        entry.wake.add(done);
        signal.addEventListener('abort', done);
      });
    }
  }

  private isNews(job: GenerationJob, known: GenerationJob): boolean {
    if (job.revision !== known.revision) return job.revision > known.revision;
    const wasPolled = this.entry.changes > this.seen;
    this.seen = this.entry.changes;
    return wasPolled && heldBy(job) !== heldBy(known);
  }
}

/** Of one revision the state that was read last is taken for the newest. */
function setNewest(entry: Watched, job: GenerationJob): void {
  const known = entry.job?.revision ?? 0;
  if (job.revision < known || job === entry.job) return;
  entry.job = job;
  if (job.revision > known) for (const wake of entry.wake) wake();
}

/** What holds a job up, in a form that can be compared. A hold that lasts longer than was thought is the same. */
const HELD_BY = `COALESCE(hold ->> 'reason', '') || COALESCE(hold ->> 'since', '')`;
const heldBy = (job: GenerationJob | null) => `${job?.hold?.reason ?? ''}${job?.hold?.since ?? ''}`;

function end(entry: Watched): void {
  entry.ended = true;
  for (const wake of entry.wake) wake();
}
