import { Inject, Injectable } from '@nestjs/common';
import { Cluster } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { Config } from '../config/config.js';
import { Batched } from '../database/batched.js';
import type { JobStatus } from '../domain/vocabulary.js';
import type { Loop } from '../timing/loop.js';
import { Loops } from '../timing/loops.js';
import { REDIS, type RedisClient } from '../redis/redis.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { JobsService } from '../ledger/jobs.service.js';
import { entryOf, headOf, jobOfEntry, movedTo, type SentJob, sentJob } from './sent-job.js';

/** How long an entry that may still change is used, milliseconds. Source: the contract, "within a second". */
const FRESH_MS = 900;
/** After Redis failed, polls go straight to PostgreSQL for this long, milliseconds. */
const COOL_DOWN_MS = 1000;
/**
 * How long an announced change is remembered, milliseconds: a write may hang for a second, and the old entry is used
 * for nearly one more.
 */
const REMEMBERED_MS = 3000;
/** Most remembered changes: ten thousand a second. An entry whose change is not remembered is used like any other. */
const MAX_REMEMBERED = 30_000;
/** These never change; all other states are used for {@link FRESH_MS} only. A FAILED job may be retried. */
const IMMUTABLE: readonly JobStatus[] = ['DONE', 'CANCELLED', 'EXPIRED'];

/** Most of what a process remembers of jobs, bytes; what one takes beside its text. A text has some 900. */
const MAX_SENT = 32 * 1024 * 1024;
const OVERHEAD = 800;

/** Questions to Redis at once. Polls that come while it is under way go together in the next. */
const AT_ONCE = 1;
/** Entries a question. */
const MOST = 200;

/** A job as this process has sent it. Times are those of `performance.now()`. */
interface Remembered {
  job: SentJob;
  /** How its entry in Redis begins. */
  head: string;
  /** The `state` of its row; `null`: it was read from Redis. */
  state: string | null;
  /** When it was read from the ledger, or written after a change. */
  readAt: number;
  /** Until then Redis has it, or is about to. */
  keptUntil: number;
}

/** Keeps the entry of the newest revision, whichever process writes last. */
const PUT_IF_NEWER = `
local current = redis.call('GET', KEYS[1])
local revision = current and tonumber(string.match(current, '^%d+'))
if revision and revision > tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1`;

/**
 * Job status in Redis, one key a job, written after the commit. It is optional: it may vanish, lag or be off at any
 * moment. The age of an entry comes from Redis' own TTL, so no two clocks have to agree. A damaged entry counts as
 * missing and is deleted. Never throws, never waits long.
 *
 * The process that made a change may be cut off from Redis while others are not. So PostgreSQL announces each change to
 * every server as well ({@link noteChanges}). So no client sees a job go backwards by asking two servers.
 */
@Injectable()
export class StatusCache {
  private offUntil = 0;
  private hears = false;
  /**
   * Jobs as this process has sent them lately. Finished ones are sent again as they are. Of what may still change,
   * another server may know before this one hears of it. So Redis or the ledger is asked whether it is the same.
   */
  private readonly sent = new LRUCache<string, Remembered>({
    maxSize: MAX_SENT,
    sizeCalculation: ({ job }) => job.json.length + (job.notes ? JSON.stringify(job.notes).length : 0) + OVERHEAD,
  });
  private readonly entries = new Batched((ids: string[]) => this.entriesOf(ids), AT_ONCE, MOST);
  private readonly loop: Loop | null;
  /** Revisions of jobs that were announced lately. */
  private readonly announced = new LRUCache<string, number>({ max: MAX_REMEMBERED, ttl: REMEMBERED_MS });

  constructor(
    @Inject(REDIS) private readonly redis: RedisClient | null,
    private readonly config: Config,
    jobs: JobsService,
    loops: Loops,
  ) {
    // Before anything else: who changed a job is never told of the state before.
    for (const event of ['published', 'changed'] as const) jobs.events.on(event, (job) => this.noteChanges([job]));
    jobs.events.addKeeper((job) => this.put(job));
    this.loop = redis && loops.open('status-cache');
  }

  /** Whether changes are announced to this process. If not, entries that may still change are not used. */
  set listening(yes: boolean) {
    this.hears = yes;
  }

  /** `null`: the cache does not know it, ask PostgreSQL. */
  async get(id: string): Promise<SentJob | null> {
    const known = this.sent.get(id);
    if (!known) return this.fromRedis(id, 0);
    if (IMMUTABLE.includes(known.job.status)) return this.keptAgain(known);
    if (!this.redis || !this.isFresh(known)) return null;
    const entry = await this.entries.ask(id);
    if (entry === null) known.keptUntil = 0;
    if (entry?.startsWith(known.head)) return this.isFresh(known) ? known.job : null;
    return entry === null ? null : this.fromRedis(id, known.job.revision);
  }

  /** @param revision of a state that is known already: an older entry is not used */
  private async fromRedis(id: string, revision: number): Promise<SentJob | null> {
    // In this order: an entry may be younger than it seems, never older.
    const read = (redis: RedisClient) => Promise.all([redis.pttl(this.key(id)), redis.get(this.key(id))]);
    const [ttl, value] = (await this.guarded('read', read)) ?? [];
    if (typeof value !== 'string') return null;
    const job = jobOfEntry(id, value);
    if (!job) {
      await this.guarded('write', (redis) => redis.del(this.key(id)));
      return null;
    }
    const age = this.config.statusTtlSeconds * 1000 - Number(ttl);
    if (job.revision < revision || !this.isPresent(job, age)) return null;
    const now = performance.now();
    return this.remember({ job, state: null, readAt: now - age, keptUntil: now + Number(ttl) }, Number(ttl)).job;
  }

  /** What Redis has of these jobs; `null`: nothing, or it does not say. */
  private async entriesOf(ids: string[]): Promise<(string | null)[]> {
    const keys = ids.map((id) => this.key(id));
    const read = (redis: RedisClient) =>
      // The nodes of a Cluster share the keys.
      redis instanceof Cluster ? Promise.all(keys.map((key) => redis.get(key))) : redis.mget(keys);
    return (await this.guarded('read', read)) ?? keys.map(() => null);
  }

  /** @param age milliseconds since it was read from the ledger, or written after a change */
  private isPresent({ id, revision, status }: SentJob, age: number): boolean {
    // What a try has used is told late at times: nothing else of such a job changes.
    if (IMMUTABLE.includes(status)) return revision >= (this.announced.get(id) ?? 0);
    // Older than nothing: Redis' clock was set back, or another process keeps entries for longer.
    return age >= 0 && age < FRESH_MS && this.isAnnounced({ id, revision });
  }

  private isFresh({ job, readAt }: Remembered): boolean {
    return performance.now() - readAt < FRESH_MS && this.isAnnounced(job);
  }

  /** Whether no newer state was announced, as far as this process hears of it. */
  private isAnnounced({ id, revision }: Pick<SentJob, 'id' | 'revision'>): boolean {
    return this.hears && revision >= (this.announced.get(id) ?? 0);
  }

  /** Remembers announced changes: an older entry is not used, for whatever reason the newer one did not reach Redis. */
  noteChanges(changes: Pick<GenerationJob, 'id' | 'revision'>[]): void {
    for (const { id, revision } of changes) {
      this.announced.set(id, Math.max(this.announced.get(id) ?? 0, revision));
      const sent = this.sent.peek(id);
      if (sent && sent.job.revision < revision) this.sent.delete(id);
    }
  }

  /** What this process has sent of it lately, however old. */
  known(id: string): Remembered | undefined {
    return this.sent.get(id);
  }

  /** Takes a row that was read from the ledger to be sent. */
  read(row: GenerationJob): SentJob {
    const job = sentJob(row, this.config.retentionDays);
    const sent = { job, state: row.state ?? null, readAt: performance.now(), keptUntil: 0 };
    return this.keptAgain(this.remember(sent, this.config.statusTtlSeconds * 1000));
  }

  /** Takes a job to be sent again, of which the ledger says that it is the same, but for its place in the queue. */
  confirm(known: Remembered, place: number | null): SentJob {
    const job = movedTo(known.job, place);
    if (job !== known.job) Object.assign(known, { job, head: headOf(job), keptUntil: 0 });
    known.readAt = performance.now();
    return this.keptAgain(known);
  }

  private remember(sent: Omit<Remembered, 'head'>, leftMs: number): Remembered {
    const known = { ...sent, head: headOf(sent.job) };
    if (leftMs > 0) this.sent.set(sent.job.id, known, { ttl: leftMs });
    return known;
  }

  /** Redis may have been away when it was read, or forget it soon: a later poll has it kept. */
  private keptAgain(known: Remembered): SentJob {
    if (this.redis && performance.now() >= known.keptUntil) {
      known.keptUntil = performance.now() + (this.config.statusTtlSeconds * 1000) / 2;
      void this.write(known.job).then((isKept) => !isKept && (known.keptUntil = 0));
    }
    return known.job;
  }

  async put(row: GenerationJob): Promise<void> {
    await this.write(sentJob(row, this.config.retentionDays));
  }

  /** @returns whether Redis has taken it, or has something newer */
  private async write(job: SentJob): Promise<boolean> {
    const taken = await this.guarded('write', (redis) =>
      redis.eval(PUT_IF_NEWER, 1, this.key(job.id), job.revision, entryOf(job), this.config.statusTtlSeconds),
    );
    return taken !== null;
  }

  private key(id: string): string {
    return `${this.config.queuePrefix}:job:${id}`;
  }

  private async guarded<T>(part: string, ask: (redis: RedisClient) => Promise<T>): Promise<T | null> {
    const { redis, loop } = this;
    if (!redis || !loop || performance.now() < this.offUntil) return null;
    try {
      return await loop.run(() => ask(redis), part);
    } catch {
      this.offUntil = performance.now() + COOL_DOWN_MS;
      return null;
    }
  }
}
