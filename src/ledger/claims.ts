import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { Batched } from '../database/batched.js';
import { type Session, sql } from '../database/sql.js';
import { claimInTurn, isBounded, roomOf } from './fleet-bounds.js';
import type { GenerationJob } from './generation-job.entity.js';
import { JobsService } from './jobs.service.js';
import { modelOf } from './breakers.js';
import { PROBE_IS_DUE, USABLE_MODEL } from './held-models.js';
import { NOT_PAUSED } from './pauses.js';
import { DUE, NOT_THROTTLED } from './throttle.js';
import { KEYS_TOKENS, SPENT_BY_KEY } from './uses.js';

/** Most statements that claim at once. Deliveries that come meanwhile form the next group. */
const AT_ONCE = 3;
/** Most claims in a statement: the jobs of a group wait for each other's rows. */
const MOST = 25;
/** How long a group waits for a locked row, milliseconds. Then each of its jobs is claimed by itself. */
const WAIT_MS = 1000;
/** SQLSTATE lock_not_available. */
const WAITED_ENOUGH = '55P03';

/** The job that a worker wants, and the token of its lease. */
interface Claim {
  id: string;
  worker: string;
  token: string;
}

/** So long other jobs have time to probe before the one whose trouble it was does it itself, seconds. */
const OTHERS_WITHIN = 10;

/** What a claim sets. `$2`: the length of the lease, seconds. */
const CLAIMED = `status = 'IN_PROGRESS', stage = 'GENERATING', attempts = attempts + 1,
    worker = claim.worker, lease_token = claim.token, lease_expires_at = now() + make_interval(secs => $2),
    wait_seconds = $2, started_at = COALESCE(started_at, GREATEST(now(), created_at)),
    history = history || jsonb_build_object('attempt', attempts + 1, 'worker', claim.worker, 'model', usable.model,
      'started_at', now())`;

/** For a WHERE: nothing but the model keeps the job waiting. */
const IS_READY = `${DUE} AND ${NOT_THROTTLED} AND ${NOT_PAUSED} AND NOT ${SPENT_BY_KEY}`;

/**
 * Locks rows in the order of their ids, as a statement that joins or settles several jobs does: so none wait in a
 * circle.
 */
const CLAIM = ({
  room,
  most,
}: {
  room: string;
  most: string;
}) => `WITH patience AS MATERIALIZED (SELECT set_config('lock_timeout', $3, true)),
  claim AS MATERIALIZED (SELECT *
    FROM jsonb_to_recordset($1::jsonb) AS one (id uuid, worker text, token uuid), patience),
  usable AS MATERIALIZED (${USABLE_MODEL('$4')}),${room}
  held AS MATERIALIZED (SELECT id FROM generation_jobs
    WHERE id IN (SELECT id FROM claim) AND EXISTS (SELECT 1 FROM usable)
      AND ${IS_READY}
    ORDER BY id ${most} FOR NO KEY UPDATE)
  UPDATE generation_jobs AS job SET ${CLAIMED}
  FROM claim, usable WHERE job.id = claim.id AND job.id IN (SELECT id FROM held) RETURNING job.*, ${KEYS_TOKENS}`;

/**
 * The oldest job of a kind probes a model that is held. The one that probed last does so only where no other is due, or
 * none has come for a while.
 */
const PROBE = `WITH claim AS MATERIALIZED (SELECT $1::text AS worker, $3::uuid AS token),
  usable AS MATERIALIZED (SELECT model, opened_by, next_probe_at FROM model_breakers
    WHERE model = ANY($4::text[]) AND ${PROBE_IS_DUE}
    ORDER BY array_position($4::text[], model) LIMIT 1 FOR UPDATE SKIP LOCKED),
  chosen AS MATERIALIZED (SELECT job.id FROM generation_jobs AS job
    WHERE entity = (SELECT entity FROM generation_jobs WHERE id = $5) AND EXISTS (SELECT 1 FROM usable
        WHERE opened_by IS DISTINCT FROM job.id OR next_probe_at < now() - make_interval(secs => ${OTHERS_WITHIN})
        OR NOT EXISTS (SELECT 1 FROM generation_jobs AS other WHERE ${IS_READY} AND id <> opened_by))
      AND ${IS_READY}
    ORDER BY run_at, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED),
  probing AS (UPDATE model_breakers AS breaker SET probe = claim.token,
      next_probe_at = now() + make_interval(secs => wait_seconds)
    FROM claim, usable, chosen WHERE breaker.model = usable.model)
  UPDATE generation_jobs AS job SET ${CLAIMED}
  FROM claim, usable, chosen WHERE job.id = chosen.id RETURNING job.*, ${KEYS_TOKENS}`;

/** PENDING → IN_PROGRESS. Jobs that are delivered together are claimed in one statement. */
@Injectable()
export class Claims {
  private readonly groups = new Batched((claims: Claim[]) => this.claimAll(claims), AT_ONCE, MOST);
  /** Whether a model that is preferred to the one in use is held, as the last claim found it. */
  fallsBack = false;

  private readonly statement: string;

  constructor(
    private readonly db: DataSource,
    private readonly jobs: JobsService,
    private readonly config: Config,
  ) {
    const room = `\n  room AS MATERIALIZED (${roomOf(config)}),`;
    const most = 'LIMIT (SELECT GREATEST(free, is_idle::int, 0) FROM room)';
    this.statement = CLAIM(isBounded(config) ? { room, most } : { room: '', most: '' });
  }

  /**
   * Takes a due job for `worker`; `null`: it is not available (done, taken, held up, not yet due, too late). A second
   * call with the same `token`, after a lost answer, finds the claim of the first. Otherwise the job would wait for the
   * end of a lease that nobody renews, and count a crash.
   */
  async claim(id: string, worker: string, token: string): Promise<GenerationJob | null> {
    const claim = { id, worker, token };
    const claimed = await this.groups.ask(claim).catch((error: unknown) => this.claimAlone(claim, error));
    const job = claimed ?? (await this.claimed(claim)) ?? null;
    if (job) void this.jobs.published(job); // the work does not wait until others have heard of it
    return job;
  }

  /**
   * Takes a job that probes a model which is held, if a probe is due. It is of the kind of the delivered job, and need
   * not be that one. Only one probes at a time.
   */
  async probe(deliveredId: string, worker: string, token: string): Promise<GenerationJob | null> {
    const { models, leaseMs } = this.config;
    const parameters = [worker, leaseMs / 1000, token, models, deliveredId];
    const [claimed] = await sql<GenerationJob>(this.db, PROBE, parameters);
    const held = `SELECT *, ${KEYS_TOKENS} FROM generation_jobs AS job
      WHERE status = 'IN_PROGRESS' AND lease_token = $1`;
    const [job = null] = claimed ? [claimed] : await sql<GenerationJob>(this.db, held, [token]);
    if (job) void this.jobs.published(job);
    return job;
  }

  private async claimAll(claims: Claim[]): Promise<(GenerationJob | undefined)[]> {
    const wait = claims.length > 1 ? WAIT_MS : 0;
    const { models, leaseMs } = this.config;
    const parameters = [JSON.stringify(claims), leaseMs / 1000, String(wait), models];
    const claim = (db: Session) => sql<GenerationJob>(db, this.statement, parameters);
    const rows = await (isBounded(this.config) ? claimInTurn(this.db, claim) : claim(this.db));
    if (rows[0]) this.fallsBack = modelOf(rows[0]) !== models[0];
    const byToken = new Map(rows.map((row) => [row.lease_token, row]));
    return claims.map(({ token }) => byToken.get(token));
  }

  private async claimAlone(claim: Claim, error: unknown): Promise<GenerationJob | undefined> {
    if ((error as { code?: string }).code !== WAITED_ENOUGH) throw error;
    const [claimed] = await this.claimAll([claim]);
    return claimed;
  }

  /** The claim of an earlier statement, whose answer was lost. */
  private async claimed({ id, token }: Claim): Promise<GenerationJob | undefined> {
    const held = `SELECT *, ${KEYS_TOKENS} FROM generation_jobs AS job WHERE id = $1 AND lease_token = $2`;
    const [job] = await sql<GenerationJob>(this.db, held, [id, token]);
    return job;
  }
}
