import type { LoopName } from './loop-names.js';

/** What lasts for so long is trouble, milliseconds; what is shorter passes by itself. */
export const PATIENCE_MS = 10_000;
/**
 * A loop that runs only when there is something to do stands still when it is refused again after that time, and for
 * so long after it was refused last, milliseconds: one refusal at night says nothing about now.
 */
const STALE_MS = 60_000;
const LONGEST_REASON = 200;

/** How a loop is, in ages and not in times: whoever reads it may have another clock. Seconds; `null`: never. */
export interface LoopReport {
  name: LoopName;
  /** Whether it comes round with nothing to do as well, so that the age of its last success means something. */
  polls: boolean;
  /** Since it was opened. */
  age_seconds: number;
  success_seconds: number | null;
  refusal_seconds: number | null;
  /** For how long it has not done its part; `null`: it does, or has not for less than {@link PATIENCE_MS}. */
  standing_seconds: number | null;
  /** Of what stands still, why; else of the last refusal. */
  reason: string | null;
}

interface Refusal {
  since: number;
  at: number;
  reason: string;
}

/** One loop of a process. It has done its part when a round has ended well, with something to do or without. */
export class Loop {
  private readonly openedAt = performance.now();
  private succeededAt: number | null = null;
  private last: Refusal | null = null;
  /** What has been refused since its last success, by part. */
  private readonly refusals = new Map<string, Refusal>();
  /** Under way, and when each began or last came on. */
  private readonly rounds = new Set<{ part: string; since: number }>();
  private standing: Pick<Refusal, 'since' | 'reason'> | null = null;

  constructor(
    readonly name: LoopName,
    private readonly everyMs: number | null,
  ) {}

  /** One round, or a part of it that may fail on its own. */
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

  /** Also called in the middle of a long round that comes on. */
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

  /** It will never come round again. */
  ended(error: unknown): void {
    this.refused(error, 'end');
    this.last!.at = Infinity;
  }

  /** Finds out whether it stands still. */
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
  /** Of an address with more than one answer. */
  errors?: unknown[];
  /** Of a Redis Cluster. */
  lastNodeError?: unknown;
  /** Of a transaction of Redis, which itself says only that it was discarded. */
  previousErrors?: unknown[];
}

/** Said where nobody knows more. */
export const NO_REDIS = 'no connection to Redis';
/** The words of the client for a connection that is not there. */
const NO_CONNECTION = /Stream isn't writeable|max retries per request|Connection is closed/;

/** One line without what is secret: drivers tell neither statements nor parameters in their messages, but addresses. */
export function reasonOf(error: unknown): string {
  const { message, code, errors, lastNodeError, previousErrors } = error as Told;
  const inner = lastNodeError ?? previousErrors?.[0] ?? (message ? undefined : errors?.[0]);
  if (inner) return reasonOf(inner);
  const [line = ''] = (message || code || String(error)).split('\n');
  if (NO_CONNECTION.test(line)) return NO_REDIS;
  return line.replace(/\/\/[^/@\s]*@/g, '//').slice(0, LONGEST_REASON);
}
