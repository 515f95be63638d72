import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Config } from '../config/config.js';
import type { JobStatus } from '../domain/vocabulary.js';
import type { Loop } from '../timing/loop.js';
import { Loops } from '../timing/loops.js';
import { REDIS, type RedisClient } from '../redis/redis.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { JobsService } from '../ledger/jobs.service.js';
import { entryOf, jobOfEntry, type SentJob, sentJob } from './sent-job.js';

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
  /** Whether changes are announced to this process. If not, entries that may still change are not used. */
  listening = false;
  private readonly loop: Loop | null;
  /** Revisions of jobs that were announced lately. */
  private readonly announced = new LRUCache<string, number>({ max: MAX_REMEMBERED, ttl: REMEMBERED_MS });

  constructor(
    @Inject(REDIS) private readonly redis: RedisClient | null,
    private readonly config: Config,
    jobs: JobsService,
    loops: Loops,
  ) {
    jobs.events.addKeeper((job) => this.put(job));
    this.loop = redis && loops.open('status-cache');
  }

  /** `null`: the cache does not know it, ask PostgreSQL. */
  async get(id: string): Promise<SentJob | null> {
    const found = await this.guarded('read', (redis) =>
      answersOf(redis.pipeline().get(this.key(id)).pttl(this.key(id)).exec()),
    );
    const [value, ttl] = found ?? [];
    if (typeof value !== 'string') return null;
    const job = jobOfEntry(id, value);
    if (!job) {
      await this.guarded('write', (redis) => redis.del(this.key(id)));
      return null;
    }
    return this.isPresent(job, Number(ttl)) ? job : null;
  }

  private isPresent({ id, revision, status }: SentJob, ttl: number): boolean {
    if (IMMUTABLE.includes(status)) return true;
    const age = this.config.statusTtlSeconds * 1000 - ttl;
    return age < FRESH_MS && this.listening && revision >= (this.announced.get(id) ?? 0);
  }

  /** Remembers announced changes: an older entry is not used, for whatever reason the newer one did not reach Redis. */
  noteChanges(changes: Pick<GenerationJob, 'id' | 'revision'>[]): void {
    for (const { id, revision } of changes) this.announced.set(id, Math.max(this.announced.get(id) ?? 0, revision));
  }

  async put(row: GenerationJob): Promise<void> {
    const job = sentJob(row, this.config.retentionDays);
    await this.guarded('write', (redis) =>
      redis.eval(PUT_IF_NEWER, 1, this.key(job.id), job.revision, entryOf(job), this.config.statusTtlSeconds),
    );
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

/** The answers of a pipeline, which does not fail when its commands do. */
async function answersOf(replies: Promise<[error: Error | null, reply: unknown][] | null>): Promise<unknown[]> {
  const settled = (await replies) ?? [];
  const failed = settled.find(([error]) => error);
  if (failed?.[0]) throw failed[0];
  return settled.map(([, reply]) => reply);
}
