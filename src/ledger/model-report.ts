import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { type Session, sql, sqlRow } from '../database/sql.js';
import { COST, DAILY_LIMIT, TODAY } from './uses.js';

/** Most keys that are told. */
const MOST_KEYS = 100;

/** Whether a model is asked: as usual, not at all, or by one job that probes. */
export const MODEL_STATES = ['closed', 'open', 'half-open'] as const;

interface ModelState {
  name: string;
  state: (typeof MODEL_STATES)[number];
  since: Date | null;
  next_probe_at: Date | null;
  message: string | null;
  reason: string | null;
  failures: number;
}

/** Tokens, and how many there may be; `null`: as many as are needed. */
interface Used {
  used: number;
  limit: number | null;
}

/** What all jobs have used this day; the cost is `null` where a price is not known. */
export interface Day extends Used {
  cost: number | null;
}

export interface ModelReport {
  models: ModelState[];
  tokens_per_minute: Used;
  daily_tokens: Used;
  keys: ({ id: string; name: string } & { [field in keyof Used]: number })[];
}

/** Those that living workers ask, as they prefer them, and those that are held. */
const MODELS = `WITH asked AS (SELECT one.name, min(place) AS place FROM workers,
      unnest(models) WITH ORDINALITY AS one (name, place) WHERE expires_at > now() GROUP BY one.name),
    known AS (SELECT model AS name, opened_at, next_probe_at, message, reason, failures, EXISTS (
        SELECT 1 FROM generation_jobs AS probing
        WHERE probing.status = 'IN_PROGRESS' AND probing.lease_token = model_breakers.probe) AS is_probed
      FROM model_breakers)
  SELECT name, CASE WHEN opened_at IS NULL THEN 'closed' WHEN is_probed THEN 'half-open' ELSE 'open' END AS state,
    opened_at AS since, next_probe_at, COALESCE(failures, 0) AS failures,
    CASE WHEN opened_at IS NOT NULL THEN message END AS message,
    CASE WHEN opened_at IS NOT NULL THEN reason END AS reason
  FROM asked FULL JOIN known USING (name) WHERE place IS NOT NULL OR opened_at IS NOT NULL ORDER BY place, name`;

/** Tries are noted only where a bound is set. Elsewhere jobs tell, save those that failed: no index finds them. */
const MINUTE = `SELECT NULLIF($1::float8, 0) AS limit, CASE WHEN $1::float8 > 0
  THEN (SELECT COALESCE(sum(tokens), 0)::float8 FROM model_spends WHERE spent_at > now() - interval '1 minute')
  ELSE (SELECT COALESCE(sum((usage ->> 'input_tokens')::float8 + (usage ->> 'output_tokens')::float8), 0)
    FROM generation_jobs WHERE status IN ('DONE', 'CANCELLED', 'EXPIRED')
      AND finished_at > now() - interval '1 minute') END AS used`;

const DAY = `SELECT (${DAILY_LIMIT})::float8 AS limit,
  (SELECT COALESCE(sum(input_tokens + output_tokens), 0)::float8 FROM model_uses WHERE day = ${TODAY}) AS used`;

const COSTS = `SELECT (${DAILY_LIMIT})::float8 AS limit, COALESCE(sum(input_tokens + output_tokens), 0)::float8 AS used,
    (CASE WHEN count(*) = 0 THEN 0 ELSE ${COST} END)::float8 AS cost
  FROM model_uses WHERE day = ${TODAY}`;

const KEYS = `SELECT key.id, key.name, key.daily_tokens::float8 AS limit, used
  FROM api_keys AS key CROSS JOIN LATERAL (SELECT COALESCE(sum(input_tokens + output_tokens), 0)::float8 AS used
    FROM model_uses WHERE day = ${TODAY} AND api_key_id = key.id) AS own
  WHERE daily_tokens > 0 AND revoked_at IS NULL ORDER BY used DESC, key.id LIMIT ${MOST_KEYS}`;

export const dayOf = (db: Session): Promise<Day> => sqlRow<Day>(db, COSTS);

/** How models are doing and what they took, for operators. No job waits for it. */
@Injectable()
export class ModelReports {
  constructor(
    private readonly db: DataSource,
    private readonly config: Config,
  ) {}

  async report(): Promise<ModelReport> {
    const [models, tokens_per_minute, daily_tokens, keys] = await Promise.all([
      sql<ModelState>(this.db, MODELS),
      sqlRow<Used>(this.db, MINUTE, [this.config.fleet.tokensPerMinute]),
      sqlRow<Used>(this.db, DAY),
      sql<ModelReport['keys'][number]>(this.db, KEYS),
    ]);
    return { models, tokens_per_minute, daily_tokens, keys };
  }
}
