import type { DataSource } from 'typeorm';
import type { Config } from '../config/config.js';
import { type Session, sql } from '../database/sql.js';
import { inTransaction } from '../database/transaction.js';
import { FLEET_LOCK } from '../database/lock-holder.js';

/** Tokens of a try while none is known: a long prompt and a text. */
const USUAL_TOKENS = 2000;
/** How long it is known what was spent, to tell what a try takes, minutes. */
const REMEMBERED = 10;

/** Whether there is a bound at all. */
export const isBounded = ({ fleet }: Pick<Config, 'fleet'>): boolean => fleet.calls > 0 || fleet.tokensPerMinute > 0;

/**
 * How many more tries may begin in the whole fleet, as the column `places`. A try that runs counts as much as tries
 * took lately. Where nothing runs and nothing was spent, one may always begin.
 */
export const roomOf = ({ fleet: { calls, tokensPerMinute } }: Pick<Config, 'fleet'>): string => `SELECT LEAST(
    ${calls > 0 ? `${calls} - running` : 'NULL'},
    ${tokensPerMinute > 0 ? `floor((${tokensPerMinute} - spent) / each) - running` : 'NULL'},
    ${Number.MAX_SAFE_INTEGER}) AS free, running = 0 AND spent = 0 AS is_idle
  FROM (SELECT count(*) AS running FROM generation_jobs
      WHERE status = 'IN_PROGRESS' AND lease_expires_at > now()) AS now,
    (SELECT COALESCE(sum(tokens) FILTER (WHERE spent_at > now() - interval '1 minute'), 0) AS spent,
      GREATEST(COALESCE(sum(tokens) / NULLIF(sum(tries), 0), ${USUAL_TOKENS}), 1) AS each FROM model_spends) AS lately`;

/** For the statement that ends claims, after its `change` and `held`: notes what they took. */
export const SPENT = `, spent AS (INSERT INTO model_spends (tries, tokens)
    SELECT count(*), sum(tokens) FROM (SELECT COALESCE((entry ->> 'input_tokens')::bigint, 0)
        + COALESCE((entry ->> 'output_tokens')::bigint, 0) AS tokens FROM held) AS used
    WHERE tokens > 0 HAVING count(*) > 0)`;

/**
 * Claims as others do who look at the same bounds: one after the other. It takes a transaction and a lock, which only a
 * bounded fleet pays for.
 */
export function claimInTurn<Row>(db: DataSource, claim: (tx: Session) => Promise<Row[]>): Promise<Row[]> {
  return inTransaction(db, async (tx) => {
    await sql(tx, 'SELECT pg_advisory_xact_lock($1)', [FLEET_LOCK]);
    await sql(tx, `DELETE FROM model_spends WHERE spent_at < now() - interval '${REMEMBERED} minutes'`);
    return claim(tx);
  });
}

/** For a WHERE: no living worker keeps jobs waiting by such a bound. */
export const NOT_BOUNDED = `NOT EXISTS (SELECT 1 FROM workers WHERE bounded AND expires_at > now())`;
