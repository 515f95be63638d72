import { HttpStatus, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { type Database, sql } from '../database/sql.js';
import { inTransaction } from '../database/transaction.js';
import type { Answer } from '../http/answer.js';
import type { IdempotencyKey } from './idempotency-key.entity.js';
import { ProblemException } from '../http/problem.js';
import { KEY_POINTER, type RequestKey } from './request-key.js';

/** How long an answer is kept. Source: the contract. */
const KEPT_DAYS = 7;
/** How long a request waits for the first one with its key, milliseconds. A first request usually takes a few. */
const WAIT_MS = 1000;
/** SQLSTATE lock_not_available: the wait is over. */
const WAITED_ENOUGH = '55P03';

export const stillWorking = () =>
  new ProblemException(
    HttpStatus.CONFLICT,
    'idempotency-key-in-use',
    'The first request with this Idempotency-Key is still being answered. Send it again.',
    { retryAfter: 1 },
  );

const otherRequest = () =>
  new ProblemException(
    HttpStatus.UNPROCESSABLE_ENTITY,
    'idempotency-key-reused',
    'This Idempotency-Key belongs to a request with another body.',
    { errors: [{ pointer: KEY_POINTER, detail: 'was used for another request' }] },
  );

/**
 * Does what a request asks for once per Idempotency-Key, however often, wherever and at once it is sent. The key's
 * row is written first, in the very transaction that does the work and keeps the answer:
 *
 * 1. a second request that comes meanwhile waits on the row's primary key until the first has committed, at most a
 *   second;
 * 2. whoever finds the row committed gives its answer once more;
 * 3. a request that fails, or whose process dies, takes its row back with everything else.
 */
@Injectable()
export class Idempotency {
  constructor(private readonly db: DataSource) {}

  /**
   * @param key `null`: the request carried none, and nothing is kept
   * @param work what the request asks for, as part of the transaction it is given; it may run again after a deadlock
   * @throws ProblemException 409 while the first request is being answered, 422 when it was another one
   */
  async once<Body>(key: RequestKey | null, work: (db: Database) => Promise<Answer<Body>>): Promise<Answer<Body>> {
    if (!key) return work(this.db);
    return inTransaction(this.db, async (tx) => {
      if (!(await isFirst(tx, key))) return replay<Body>(tx, key);
      const answer = await work(tx);
      await keep(tx, key, answer);
      return answer;
    });
  }

  /** Forgets what was kept long enough. @returns how many */
  async prune(limit: number): Promise<number> {
    const pruned = await sql(
      this.db,
      `DELETE FROM idempotency_keys WHERE id IN (SELECT id FROM idempotency_keys
        WHERE created_at < now() - make_interval(days => $2)
         ORDER BY created_at LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING 1`,
      [limit, KEPT_DAYS],
    );
    return pruned.length;
  }
}

async function isFirst(tx: EntityManager, { id, fingerprint }: RequestKey): Promise<boolean> {
  try {
    await sql(tx, `SET LOCAL lock_timeout = ${WAIT_MS}`);
    const claimed = await sql(
      tx,
      // The limit is for the key alone: the work that follows may wait as long as it does without one.
      `INSERT INTO idempotency_keys (id, fingerprint) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING
       RETURNING set_config('lock_timeout', '0', true)`,
      [id, fingerprint],
    );
    return claimed.length > 0;
  } catch (error) {
    throw (error as { code?: string }).code === WAITED_ENOUGH ? stillWorking() : error;
  }
}

async function replay<Body>(tx: EntityManager, key: RequestKey): Promise<Answer<Body>> {
  const [first] = await sql<IdempotencyKey>(tx, 'SELECT * FROM idempotency_keys WHERE id = $1', [key.id]);
  if (!first?.status) throw stillWorking(); // forgotten in this very moment
  if (!key.fingerprint.equals(first.fingerprint)) throw otherRequest();
  return {
    status: first.status,
    headers: { ...first.headers, 'idempotent-replayed': 'true' },
    body: first.body as Body,
  };
}

async function keep(tx: EntityManager, { id }: RequestKey, { status, headers, body }: Answer<unknown>): Promise<void> {
  await sql(tx, 'UPDATE idempotency_keys SET status = $2, headers = $3, body = $4 WHERE id = $1', [
    id,
    status,
    JSON.stringify(headers),
    JSON.stringify(body),
  ]);
}
