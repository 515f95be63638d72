/** The day that counts, and its end. */
export const TODAY = `(now() AT TIME ZONE 'UTC')::date`;
export const MIDNIGHT = `((${TODAY} + 1)::timestamp AT TIME ZONE 'UTC')`;

/**
 * What several uses cost together: a use without tokens costs nothing, the cost of others must be known. It is an
 * aggregate over the columns of `model_uses`. See `costOf` in src/domain/usage.ts for the same of a job.
 */
export const COST = `CASE WHEN count(*) FILTER (WHERE cost IS NULL AND input_tokens + output_tokens > 0) = 0
    THEN sum(cost) END`;

export const SUMS = `sum(calls)::bigint, sum(input_tokens)::bigint, sum(output_tokens)::bigint,
    sum(duration_ms)::bigint, ${COST}`;

/** Adds what is in `used (api_key_id, entity, rest)` to the uses of this day. See {@link NOT_TOLD}. */
export const USES_OF = (used: string) => `INSERT INTO model_uses
    (api_key_id, model, entity, prompt_version, calls, input_tokens, output_tokens, duration_ms, cost)
  SELECT api_key_id, one.model, entity, one.prompt_version, ${SUMS}
  FROM ${used} AS used CROSS JOIN LATERAL jsonb_to_record(rest) AS one (model text, prompt_version text,
    calls bigint, input_tokens bigint, output_tokens bigint, duration_ms bigint, cost numeric)
  WHERE calls IS NOT NULL GROUP BY api_key_id, one.model, entity, one.prompt_version`;

const SUMMED = ['input_tokens', 'output_tokens', 'duration_ms'];
const number = (row: string, name: string) => `COALESCE((${row} ->> '${name}')::bigint, 0)`;
const tokens = (row: string) => `${number(row, 'input_tokens')} + ${number(row, 'output_tokens')}`;
const cost = (row: string) => `(${row} ->> 'cost')::numeric`;
const fields = (names: string[], sign: '+' | '-', left: string, right: string) =>
  names.map((name) => `'${name}', ${number(left, name)} ${sign} ${number(right, name)}`).join(', ');

/**
 * What a try has used beyond what its entry of the history tells; NULL: nothing. What an entry tells has been added to
 * the job and to the uses of a day. So nothing is added twice, not even by a statement that is sent again.
 */
export const NOT_TOLD = (used: string, entry: string) => `CASE
  WHEN ${number(used, 'calls')} > ${number(`(${entry})`, 'calls')} THEN jsonb_build_object(
    'model', ${used} ->> 'model', 'prompt_version', ${used} ->> 'prompt_version',
    ${fields(['calls', ...SUMMED], '-', used, `(${entry})`)},
    'cost', ${cost(used)} - COALESCE(${cost(`(${entry})`)}, 0)) END`;

/**
 * The usage of a job with what a try adds. It is added in the row, for a worker may tell late what it used. See
 * `withCall` in src/domain/usage.ts.
 */
export const ADDED = (usage: string, rest: string) => `CASE WHEN ${rest} IS NOT NULL THEN jsonb_build_object(
    'model', ${rest} ->> 'model',
    'calls', COALESCE((${usage} ->> 'calls')::bigint, (${usage} IS NOT NULL)::int) + ${number(rest, 'calls')},
    ${fields(SUMMED, '+', usage, rest)},
    'cost', CASE WHEN (${cost(usage)} IS NULL AND ${tokens(usage)} > 0) OR (${cost(rest)} IS NULL
        AND ${tokens(rest)} > 0) OR COALESCE(${cost(usage)}, ${cost(rest)}) IS NULL THEN NULL
      ELSE COALESCE(${cost(usage)}, 0) + COALESCE(${cost(rest)}, 0) END)
  ELSE ${usage} END`;

const WORKERS_DAILY = 'FROM workers WHERE expires_at > now()';

/** The tokens that all jobs together may take a day; NULL: as many as they need, for some worker has no such bound. */
export const DAILY_LIMIT = `SELECT CASE WHEN bool_and(COALESCE(daily_tokens, 0) > 0) THEN max(daily_tokens) END
  ${WORKERS_DAILY}`;

/**
 * When the tokens were spent that all jobs together may take; no row: they are not, or some worker has no such bound.
 * Where no worker has one, nothing is counted.
 */
export const SPENT_BY_ALL = `SELECT CASE WHEN (SELECT bool_and(COALESCE(daily_tokens, 0) > 0) ${WORKERS_DAILY}) THEN
    (SELECT max(noted_at) FROM model_uses WHERE day = ${TODAY}
     HAVING sum(input_tokens + output_tokens) >= (SELECT max(daily_tokens) ${WORKERS_DAILY})) END AS since`;

/** The same of the key that made `job`. */
export const SPENT_BY_MAKER = `SELECT max(own.noted_at) AS since FROM api_keys AS maker JOIN model_uses AS own
    ON own.day = ${TODAY} AND own.api_key_id = maker.id
  WHERE maker.id = job.api_key_id AND maker.daily_tokens > 0
  GROUP BY maker.daily_tokens HAVING sum(own.input_tokens + own.output_tokens) >= maker.daily_tokens`;

/** For a WHERE: this key has spent its tokens of this day. */
export const spentBy = (key: string) => `EXISTS (SELECT 1 FROM api_keys AS maker
    WHERE maker.id = ${key} AND maker.daily_tokens > 0
      AND maker.daily_tokens <= (SELECT COALESCE(sum(input_tokens + output_tokens), 0) FROM model_uses AS own
        WHERE own.day = ${TODAY} AND own.api_key_id = maker.id))`;

/** The same on generation_jobs: the key that made the job. */
export const SPENT_BY_KEY = spentBy('api_key_id');

/** The tokens that the key of a job may take a day, for its claim; NULL: as many as it needs. */
export const KEYS_TOKENS = `(SELECT maker.daily_tokens::float8 FROM api_keys AS maker
    WHERE maker.id = job.api_key_id) AS daily_tokens`;
