import type { LoopName } from './loop-names.js';

/** A failure that lasts this long is reported, milliseconds; a shorter one passes by itself. */
const PATIENCE_MS = 10_000;
/**
 * For loops that run only when there is something to do, milliseconds. Such a loop stands still when its refusals span
 * {@link PATIENCE_MS}, until the last one is older than this. So a single refusal at night does not count for long.
 */
const STALE_MS = 60_000;
const LONGEST_REASON = 200;

/** The state of a loop, in ages instead of times, because the reader may have another clock. Seconds; `null`: never. */
export interface LoopReport {
  name: LoopName;
  /** Whether it also runs with nothing to do, so that the age of its last success has a meaning. */
  polls: boolean;
  /** Seconds since it was opened. */
  age_seconds: number;
  success_seconds: number | null;
  refusal_seconds: number | null;
  /** For how long it has failed or hung; `null`: it works, or has failed for less than {@link PATIENCE_MS}. */
  standing_seconds: number | null;
  /** Why it stands still; else the last refusal. */
  reason: string | null;
}

interface Refusal {
  since: number;
  at: number;
  reason: string;
}

/** One loop of a process. A round that ends well counts as success, with something to do or without. */
export class Loop {
  private readonly openedAt = performance.now();
  private succeededAt: number | null = null;
  private last: Refusal | null = null;
  /** Refusals since the last success, by part. */
  private readonly refusals = new Map<string, Refusal>();
  /** Rounds under way, and when each began or last made progress. */
  private readonly rounds = new Set<{ part: string; since: number }>();
  private standing: Pick<Refusal, 'since' | 'reason'> | null = null;

  constructor(
    readonly name: LoopName,
    private readonly everyMs: number | null,
  ) {}

  /** Runs one round, or a part of it that may fail on its own. */
  async run<T>(work: () => Promise<T>, part = ''): Promise<T> {
    const round = { part, since: performance.now() };
    this.rounds.add(round);
    try {
      const result = await work();
      this.succeeded(part);
      return result;
    } catch (error) {
      this.refused(error, part);
      throw error;
    } finally {
      this.rounds.delete(round);
    }
  }

  /** A long round also calls it in the middle, when it makes progress. */
  succeeded(part = ''): void {
    this.succeededAt = performance.now();
    this.refusals.delete(part);
    for (const round of this.rounds) if (round.part === part) round.since = this.succeededAt;
  }

  refused(error: unknown, part = ''): void {
    const at = performance.now();
    this.last = { since: this.refusals.get(part)?.since ?? at, at, reason: reasonOf(error) };
    this.refusals.set(part, this.last);
  }

  /** The loop has ended and will not run again. */
  ended(error: unknown): void {
    this.refused(error, 'end');
    this.last!.at = Infinity;
  }

  /** Finds out whether the loop stands still. */
  look(now = performance.now()): void {
    this.standing = this.refusedFor(now) ?? this.hangs(now) ?? this.isMissed(now);
  }

  report(): LoopReport {
    const now = performance.now();
    const age = (at: number | null | undefined) => (at == null ? null : Math.max(0, (now - at) / 1000));
    return {
      name: this.name,
      polls: this.everyMs !== null,
      age_seconds: (now - this.openedAt) / 1000,
      success_seconds: age(this.succeededAt),
      refusal_seconds: age(this.last?.at),
      standing_seconds: age(this.standing?.since),
      reason: this.standing?.reason ?? this.last?.reason ?? null,
    };
  }

  private refusedFor(now: number): Refusal | null {
    const counts = (refusal: Refusal) => this.everyMs !== null || now - refusal.at <= STALE_MS;
    const until = (refusal: Refusal) => (this.everyMs === null ? refusal.at : now);
    const lasting = [...this.refusals.values()].filter((one) => counts(one) && until(one) - one.since >= PATIENCE_MS);
    return lasting.sort((one, other) => one.since - other.since)[0] ?? null;
  }

  private hangs(now: number) {
    const since = Math.min(...[...this.rounds].map((round) => round.since));
    return now - since >= PATIENCE_MS ? { since, reason: this.reasonSince(since, 'it waits for an answer') } : null;
  }

  private isMissed(now: number) {
    const since = this.succeededAt ?? this.openedAt;
    if (this.everyMs === null || now - since < PATIENCE_MS + this.everyMs) return null;
    return { since, reason: this.reasonSince(since, 'it does not come round') };
  }

  private reasonSince(since: number, otherwise: string): string {
    return this.last && this.last.at > since ? this.last.reason : otherwise;
  }
}

interface Told {
  message?: string;
  code?: string;
  /** Of a host name with several addresses. */
  errors?: unknown[];
  /** Of a Redis Cluster. */
  lastNodeError?: unknown;
  /** Of a transaction of Redis, which itself says only that it was discarded. */
  previousErrors?: unknown[];
}

/** Used when there is no better reason. */
export const NO_REDIS = 'no connection to Redis';
/** Messages of the Redis client when there is no connection. */
const NO_CONNECTION = /Stream isn't writeable|max retries per request|Connection is closed/;

/** The error as one line, without secrets: messages of drivers contain no statements or parameters, but addresses. */
export function reasonOf(error: unknown): string {
  const { message, code, errors, lastNodeError, previousErrors } = error as Told;
  const inner = lastNodeError ?? previousErrors?.[0] ?? (message ? undefined : errors?.[0]);
  if (inner) return reasonOf(inner);
  const [line = ''] = (message || code || String(error)).split('\n');
  if (NO_CONNECTION.test(line)) return NO_REDIS;
  return line.replace(/\/\/[^/@\s]*@/g, '//').slice(0, LONGEST_REASON);
}
