import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { type Database, sql, sqlRow } from '../database/sql.js';
import { type CallUsage, type JobUsage, tokensOf, withCall } from '../domain/usage.js';
import type { GenerationJob } from './generation-job.entity.js';
import { JobsService } from './jobs.service.js';
import { takeOver } from './take-over.js';
import { MIDNIGHT, SPENT_BY_KEY, TODAY } from './uses.js';

/** When a job is looked at again whose key has spent its tokens, milliseconds: what runs is written down by then. */
const LOOK_AGAIN_MS = 5000;
/** How old a process' knowledge of what is spent may be where it only decides whether to claim, milliseconds. */
const FRESH_MS = 500;

/** Thrown before a call of a model: the tokens of this day are spent. */
export class BudgetSpent extends Error {
  /** @param delayMs until this job alone is looked at again; `undefined`: all jobs wait, as long as it takes */
  constructor(readonly delayMs: number | undefined) {
    super('the tokens of this day are spent');
  }
}

/** Counts the calls of one try, and lets none begin when the tokens are spent. */
export class Meter {
  private used: JobUsage | null = null;
  private noted: JobUsage | null = null;

  /**
   * @param check throws BudgetSpent
   * @param note writes down what the calls of the try have used
   * @param asked told of each call that came to an end by itself, and of the seconds that it took
   */
  constructor(
    private readonly check: () => Promise<void>,
    private readonly note: (used: JobUsage) => Promise<void>,
    readonly asked: (seconds: number) => void,
  ) {}

  /** What is not written down is lost with the process, so a further call waits for that. */
  async beforeCall(): Promise<void> {
    if (this.used && this.used !== this.noted) {
      await this.note(this.used);
      this.noted = this.used;
    }
    await this.check();
  }

  add(call: CallUsage): void {
    this.used = withCall(this.used, call);
  }

  /** Of all calls that came to an end. */
  get usage(): JobUsage | undefined {
    return this.used ?? undefined;
  }

  /** Tokens of them that are not written down. */
  get unnoted(): number {
    return (this.used ? tokensOf(this.used) : 0) - (this.noted ? tokensOf(this.noted) : 0);
  }
}

/** What is spent today. */
export interface Day {
  /** Until midnight UTC. */
  secondsLeft: number;
  all: number;
  by: (keyId: string | null) => number;
}

const SPENT_TODAY = `SELECT extract(epoch FROM ${MIDNIGHT} - now())::float8 AS left,
  (SELECT COALESCE(sum(input_tokens + output_tokens), 0)::float8 FROM model_uses WHERE day = ${TODAY}) AS all,
  (SELECT jsonb_object_agg(api_key_id, tokens) FROM (SELECT api_key_id, sum(input_tokens + output_tokens) AS tokens
    FROM model_uses WHERE day = ${TODAY} AND api_key_id = ANY($1::uuid[]) GROUP BY api_key_id) AS own) AS by_key`;

/**
 * The tokens that jobs may take a day, all together and those of each key. What a try has used stands in `model_uses`
 * before its next call, and when it ends. What calls of this process have used besides is added. A budget that is not
 * set costs no statement.
 */
@Injectable()
export class Budget {
  /** Tries that are not settled yet, and the keys of their jobs. */
  private readonly open = new Map<Meter, string | null>();
  private known: Promise<boolean> = Promise.resolve(false);
  private knownAt = -Infinity;

  constructor(
    private readonly db: DataSource,
    private readonly jobs: JobsService,
    private readonly config: Config,
  ) {}

  /** The caller must call {@link end} when the try is settled. */
  begin(job: GenerationJob, note: (used: JobUsage) => Promise<void>): Meter {
    const asked = (seconds: number) => void this.jobs.events.emit('asked', job, seconds);
    const meter = new Meter(() => this.check(job), note, asked);
    this.open.set(meter, job.api_key_id);
    return meter;
  }

  end(meter: Meter): void {
    this.open.delete(meter);
  }

  /** Whether no job may be claimed; at most half a second old. */
  async mustWait(): Promise<boolean> {
    if (this.config.dailyTokens === 0) return false;
    if (performance.now() - this.knownAt > FRESH_MS) {
      this.knownAt = performance.now();
      this.known = this.today(this.db, []).then(({ all }) => all >= this.config.dailyTokens);
    }
    return this.known;
  }

  /** @param keys those whose own tokens are wanted */
  async today(db: Database, keys: string[]): Promise<Day> {
    // Before the statement: a try that is settled meanwhile counts twice rather than not at all.
    const open = [...this.open].map(([{ unnoted: tokens }, key]) => ({ key, tokens }));
    const sum = (some: typeof open) => some.reduce((total, { tokens }) => total + tokens, 0);
    type Row = { left: number; all: number; by_key: Record<string, number> | null };
    const row = await sqlRow<Row>(db, SPENT_TODAY, [keys]);
    return {
      secondsLeft: Math.max(1, Math.ceil(row.left)),
      all: row.all + sum(open),
      by: (keyId) => (row.by_key?.[keyId ?? ''] ?? 0) + sum(open.filter(({ key }) => key === keyId)),
    };
  }

  /**
   * For a job whose key has spent its tokens. Another key that wants it pays; if there is none, it is delivered again
   * after midnight UTC.
   * @returns whether there is one
   */
  async passOn(jobId: string): Promise<boolean> {
    const [taken] = await takeOver(this.db, [jobId]);
    if (taken) await this.jobs.changed(taken);
    else await this.postpone(jobId);
    return taken !== undefined;
  }

  private async postpone(jobId: string): Promise<void> {
    await sql(
      this.db,
      `UPDATE generation_jobs AS job SET dispatched_at = NULL, dispatch = dispatch + 1, run_at = ${MIDNIGHT},
         wait_seconds = extract(epoch FROM ${MIDNIGHT} - now())
       WHERE id = $1 AND status = 'PENDING' AND ${SPENT_BY_KEY}`,
      [jobId],
    );
  }

  /** @throws BudgetSpent */
  private async check({ api_key_id: key, daily_tokens: own = null }: GenerationJob): Promise<void> {
    const { dailyTokens } = this.config;
    if (dailyTokens === 0 && own === null) return;
    const day = await this.today(this.db, own === null ? [] : [key!]);
    if (dailyTokens > 0 && day.all >= dailyTokens) {
      this.known = Promise.resolve(true);
      this.knownAt = performance.now();
      throw new BudgetSpent(undefined);
    }
    if (own !== null && day.by(key) >= own) throw new BudgetSpent(LOOK_AGAIN_MS);
  }
}
