import { Injectable } from '@nestjs/common';
import { type Database, sqlRow } from '../database/sql.js';
import { type EntityKind, KINDS } from '../domain/kinds.js';

/** What jobs are expected to take; `null`: it is not known. */
export interface Estimate {
  input_tokens: number | null;
  output_tokens: number | null;
  cost: number | null;
  /** Until the last of them is finished. */
  seconds: number | null;
}

/** What a job of a kind has taken lately, and how fast they are finished. */
export interface Basis {
  input_tokens: number | null;
  output_tokens: number | null;
  cost: number | null;
  /** Jobs a second. */
  rate: number | null;
  /** Jobs of the kind that wait already, counted up to {@link MOST_WAITING}. */
  waiting: number;
}

/** Jobs that the means are of, the newest. */
const LAST = 200;
/** How far back the present rate looks, minutes. */
const RATE_MINUTES = 5;
const MOST_WAITING = 100_000;

/**
 * The rate: what was finished in the last minutes, where jobs wait. Else nobody knows how fast they could be. Then it
 * is what the workers that are alive may do at once, by the mean time of a job.
 */
const BASIS = `WITH last AS MATERIALIZED (SELECT usage, started_at, finished_at FROM generation_jobs
    WHERE status = 'DONE' AND entity = $1 ORDER BY id DESC LIMIT ${LAST}),
  used AS (SELECT (usage ->> 'input_tokens')::float8 AS input, (usage ->> 'output_tokens')::float8 AS output,
      (usage ->> 'cost')::float8 AS cost, extract(epoch FROM finished_at - started_at)::float8 AS seconds
    FROM last WHERE usage IS NOT NULL),
  fresh AS (SELECT count(*) / GREATEST(extract(epoch FROM now() - min(finished_at)), 1)::float8 AS rate FROM last
    WHERE finished_at > now() - make_interval(mins => ${RATE_MINUTES})),
  able AS (SELECT sum(concurrency)::float8 AS jobs FROM workers
    WHERE expires_at > now() AND NOT quiet AND $2 = ANY (queues)),
  line AS (SELECT count(*)::int AS waiting FROM (SELECT 1 FROM generation_jobs WHERE status = 'PENDING' AND entity = $1
    LIMIT ${MOST_WAITING}) AS first)
  SELECT avg(input) AS input_tokens, avg(output) AS output_tokens,
    CASE WHEN count(*) = count(cost) THEN avg(cost) END AS cost,
    (SELECT waiting FROM line) AS waiting,
    COALESCE((SELECT NULLIF(rate, 0) FROM fresh, line WHERE waiting > 0),
      (SELECT jobs FROM able) / NULLIF(GREATEST(avg(seconds), 0.01), 0), (SELECT NULLIF(rate, 0) FROM fresh)) AS rate
  FROM used`;

/** What new jobs will take, by the last ones of their kind. */
@Injectable()
export class Estimates {
  /** One statement. Call it before the jobs are made: they would be counted among those that wait. */
  basis(db: Database, entity: EntityKind): Promise<Basis> {
    return sqlRow<Basis>(db, BASIS, [entity, KINDS[entity].queue]);
  }
}

/** @param count new jobs */
export function estimateOf(count: number, { input_tokens, output_tokens, cost, rate, waiting }: Basis): Estimate {
  if (count === 0) return { input_tokens: 0, output_tokens: 0, cost: 0, seconds: 0 };
  const times = (mean: number | null) => (mean === null ? null : Math.round(mean * count));
  return {
    input_tokens: times(input_tokens),
    output_tokens: times(output_tokens),
    cost: cost === null ? null : Number((cost * count).toPrecision(6)),
    seconds: rate === null ? null : Math.ceil((waiting + count) / rate),
  };
}
