import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { type Database, sql, sqlRow } from '../database/sql.js';
import { inTransaction } from '../database/transaction.js';
import { afterDoubt, afterMishap, type Breaker, type Mishap, type Verdict } from './breaker.js';
import type { GenerationJob } from './generation-job.entity.js';
import { PROBE_IS_DUE, USABLE_MODEL } from './held-models.js';

/** Locks the row, and makes it where there is none. */
const LOCKED = `INSERT INTO model_breakers (model, models) VALUES ($1, $3)
  ON CONFLICT (model) DO UPDATE SET models = EXCLUDED.models
  RETURNING *, now() AS now, NOT EXISTS (SELECT 1 FROM generation_jobs
    WHERE status = 'IN_PROGRESS' AND lease_expires_at > now() AND id <> $2) AS is_alone`;

const COLUMNS = [
  ...(['failures', 'refused_job', 'refused_at', 'counted', 'message', 'reason'] as const),
  ...(['opened_at', 'opened_by', 'next_probe_at', 'wait_seconds', 'probe'] as const),
];
const ASSIGNMENTS = COLUMNS.map((name, n) => `${name} = $${n + 2}`).join(', ');
const WRITE = `UPDATE model_breakers SET ${ASSIGNMENTS} WHERE model = $1`;

type What = Pick<Mishap, 'kind' | 'message' | 'reason'>;

/** How long answers have to be stored that came at the time of the last failure, milliseconds. */
const DOUBT_MS = 500;
/** How old a process' knowledge of held models may be, milliseconds. */
const FRESH_MS = 500;

/** The breakers of the models, which all workers share. The rules are in breaker.ts. */
@Injectable()
export class Breakers implements OnApplicationBootstrap {
  private readonly logger = new Logger('Model');
  private known: Promise<boolean> = Promise.resolve(false);
  private knownAt = -Infinity;

  constructor(
    private readonly db: DataSource,
    private readonly config: Config,
  ) {}

  /** A worker that starts while its model is held says so. */
  onApplicationBootstrap(): void {
    if (this.config.runsJobs) void this.tellHeld().catch(() => undefined); // told again when it asks
  }

  private async tellHeld(): Promise<void> {
    const held = 'SELECT * FROM model_breakers WHERE opened_at IS NOT NULL AND model = ANY($1::text[])';
    for (const breaker of await sql<Breaker & { model: string }>(this.db, held, [this.config.models]))
      this.logger.warn({ msg: 'the model is held, no job asks it', model: breaker.model, ...told(breaker) });
  }

  /** Notes the trouble of a job that runs. Told twice of the same claim, it notes it once. */
  async note(job: GenerationJob, what: What): Promise<Verdict> {
    const verdict = await this.judge(job, what, afterMishap);
    if (verdict !== 'doubt') return verdict;
    await sleep(DOUBT_MS);
    return this.judge(job, what, afterDoubt);
  }

  private async judge(job: GenerationJob, what: What, rules: typeof afterMishap): Promise<Verdict> {
    const model = modelOf(job);
    const { verdict, opens } = await inTransaction(this.db, async (tx) => {
      const { now, is_alone: isAlone, ...before } = await this.locked(tx, model, job.id);
      const ids = { job: job.id, claim: job.lease_token!, refusedBefore: refusedBefore(job) };
      const judged = rules(before, { ...what, ...ids, isAlone, now });
      await this.write(tx, model, judged.breaker);
      const { opened_at } = judged.breaker;
      return { verdict: judged.verdict, opens: opened_at && !before.opened_at ? judged.breaker : null };
    });
    if (opens) this.logger.warn({ msg: 'the model is held, no job asks it', model, ...told(opens) });
    return verdict;
  }

  /**
   * For a job that the service would not have at that time: if it probed, the next probe is due after `waitMs`. `null`:
   * as if it had not been. @returns whether it probed
   */
  async postpone({ lease_token }: GenerationJob, waitMs: number | null): Promise<boolean> {
    const postponed = await sql(
      this.db,
      `UPDATE model_breakers SET next_probe_at = now() + make_interval(secs => COALESCE($2::float8, wait_seconds)),
         wait_seconds = GREATEST(wait_seconds, $2::float8)
       WHERE probe = $1 AND opened_at IS NOT NULL RETURNING 1`,
      [lease_token, waitMs === null ? null : waitMs / 1000],
    );
    return postponed.length > 0;
  }

  /** Has held models probed at once, by whatever job is there. */
  async probeNow(): Promise<void> {
    const held = await sql<{ model: string }>(
      this.db,
      `UPDATE model_breakers SET next_probe_at = now(), opened_by = NULL WHERE opened_at IS NOT NULL RETURNING model`,
    );
    for (const { model } of held) this.logger.warn({ msg: 'an operator has the model probed at once', model });
  }

  /**
   * Whether all models of this process are held, and none is to be probed yet. At most half a second old: however many
   * deliveries wait, together they ask twice a second.
   */
  async mustWait(): Promise<boolean> {
    if (performance.now() - this.knownAt > FRESH_MS) {
      this.knownAt = performance.now();
      this.known = this.asksNone();
    }
    return this.known;
  }

  private async asksNone(): Promise<boolean> {
    const { none } = await sqlRow<{ none: boolean }>(
      this.db,
      `SELECT NOT EXISTS (${USABLE_MODEL('$1')})
         AND NOT EXISTS (SELECT 1 FROM model_breakers WHERE model = ANY($1::text[]) AND ${PROBE_IS_DUE}) AS none`,
      [this.config.models],
    );
    return none;
  }

  private locked(tx: Database, model: string, job: string) {
    return sqlRow<Breaker & { now: Date; is_alone: boolean }>(tx, LOCKED, [model, job, this.config.models]);
  }

  private async write(tx: Database, model: string, breaker: Breaker): Promise<void> {
    await sql(tx, WRITE, [model, ...COLUMNS.map((name) => breaker[name])]);
  }
}

/** The model that a job which runs has been told to ask. */
export const modelOf = ({ history }: Pick<GenerationJob, 'history'>): string => history.at(-1)!.model!;

/** When the service turned this job away first, since its last try; the running claim is left out. */
function refusedBefore({ history }: GenerationJob): Date | null {
  const tried = history.findLastIndex(({ outcome }) => outcome === 'FAILED');
  const first = history.slice(tried + 1, -1).find(({ refused }) => refused);
  return first ? new Date(first.finished_at!) : null;
}

const told = ({ message, reason, next_probe_at }: Breaker) => ({
  answer: message,
  ...(reason && { reason }),
  next_probe_at: next_probe_at!.toISOString(),
});
