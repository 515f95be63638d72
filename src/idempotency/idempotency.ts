import { HttpStatus, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
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

/** The state of a key. `busy`: the first request with the key is being answered, perhaps by another process. */
export type Claim =
  | { kind: 'first' }
  | { kind: 'busy' }
  | { kind: 'replay'; answer: Answer<unknown> }
  | { kind: 'refused'; problem: ProblemException };

const FIRST: Claim = { kind: 'first' };
const BUSY: Claim = { kind: 'busy' };

/**
 * The holder of a key's lock writes the key's row. $3 says whether to wait for the lock, $4 for how long. The limit
 * applies only to the locks: the work that follows has the usual limits.
 */
const CLAIM = `WITH patience AS MATERIALIZED (SELECT set_config('lock_timeout', $4, true)),
  asked AS MATERIALIZED (SELECT id, fingerprint, ('x' || encode(substr(id, 1, 8), 'hex'))::bit(64)::bigint AS lock
    FROM unnest($1::bytea[], $2::bytea[]) AS key (id, fingerprint), patience ORDER BY id),
  free AS MATERIALIZED (SELECT id, fingerprint FROM asked
    WHERE CASE WHEN $3 THEN pg_advisory_xact_lock(lock) IS NOT NULL ELSE pg_try_advisory_xact_lock(lock) END),
  claimed AS (INSERT INTO idempotency_keys (id, fingerprint) SELECT id, fingerprint FROM free
    ON CONFLICT (id) DO NOTHING RETURNING id)
  SELECT asked.id, free.id IS NOT NULL AS locked, claimed.id IS NOT NULL AS first, set_config('lock_timeout', '0', true)
  FROM asked LEFT JOIN free USING (id) LEFT JOIN claimed USING (id)`;

/**
 * Does the work of a request once per Idempotency-Key, however often, wherever and at whatever time it is sent. The
 * key's row is written first, in the same transaction that does the work and keeps the answer:
 * 1. A second request that comes meanwhile waits until the first has committed, at most a second.
 * 2. A request that finds the row committed gets its answer again.
 * 3. A request that fails, or whose process dies, rolls its row back with everything else.
 */
@Injectable()
export class Idempotency {
  constructor(private readonly db: DataSource) {}

  /**
   * For work that concerns one request.
   * @param key `null`: the request carried none, and nothing is kept
   * @param work the work of the request, as part of the given transaction; it may run again after a deadlock
   * @throws ProblemException 409 while the first request is being answered, 422 when the first request was a different
   * one
   */
  async once<Body>(key: RequestKey | null, work: (db: Database) => Promise<Answer<Body>>): Promise<Answer<Body>> {
    if (!key) return work(this.db);
    return inTransaction(this.db, async (tx) => {
      const [claim] = await this.claim(tx, [key], true);
      if (claim!.kind === 'replay') return claim!.answer as Answer<Body>;
      if (claim!.kind !== 'first') throw claim!.kind === 'refused' ? claim!.problem : stillWorking();
      const answer = await work(tx);
      await this.keep(tx, [{ key, answer }]);
      return answer;
    });
  }

  /**
   * Claims the keys of requests that are answered together, in their transaction `tx`.
   * @param keys each once
   * @param waits for the first request with a key; else such a key is `busy`, so that it does not delay the others
   * @returns the claim of each, in their order
   */
  async claim(tx: Database, keys: RequestKey[], waits: boolean): Promise<Claim[]> {
    if (keys.length === 0) return [];
    const free = await lockedAndWritten(tx, keys, waits);
    const written = keys.filter(({ id }) => free.get(hex(id)) === false).map(({ id }) => id);
    const rows =
      written.length > 0
        ? await sql<IdempotencyKey>(tx, 'SELECT * FROM idempotency_keys WHERE id = ANY($1::bytea[])', [written])
        : [];
    const known = new Map(rows.map((row) => [hex(row.id), row]));
    return keys.map((key) => {
      const first = free.get(hex(key.id));
      return first ? FIRST : first === undefined ? BUSY : claimOf(key, known.get(hex(key.id)));
    });
  }

  /** Keeps the answers of first requests. */
  async keep(tx: Database, answered: { key: RequestKey; answer: Answer<unknown> }[]): Promise<void> {
    if (answered.length === 0) return;
    const columns = [
      answered.map(({ key }) => key.id),
      answered.map(({ answer }) => answer.status),
      answered.map(({ answer }) => JSON.stringify(answer.headers)),
      answered.map(({ answer }) => JSON.stringify(answer.body)),
    ];
    await sql(
      tx,
      `UPDATE idempotency_keys AS kept SET status = one.status, headers = one.headers::json, body = one.body::json
       FROM unnest($1::bytea[], $2::smallint[], $3::text[], $4::text[]) AS one (id, status, headers, body)
       WHERE kept.id = one.id`,
      columns,
    );
  }

  /** Gives back the keys of first requests that were refused: sent again, such a request is the first again. */
  async giveBack(tx: Database, keys: RequestKey[]): Promise<void> {
    if (keys.length === 0) return;
    await sql(tx, 'DELETE FROM idempotency_keys WHERE id = ANY($1::bytea[])', [keys.map(({ id }) => id)]);
  }

  /** Forgets answers past their time. @returns how many */
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

/** @returns for each key whose lock was free, whether its row was written now */
async function lockedAndWritten(tx: Database, keys: RequestKey[], waits: boolean): Promise<Map<string, boolean>> {
  try {
    const rows = await sql<{ id: Buffer; locked: boolean; first: boolean }>(tx, CLAIM, [
      keys.map(({ id }) => id),
      keys.map(({ fingerprint }) => fingerprint),
      waits,
      String(WAIT_MS),
    ]);
    return new Map(rows.filter(({ locked }) => locked).map(({ id, first }) => [hex(id), first]));
  } catch (error) {
    if ((error as { code?: string }).code !== WAITED_ENOUGH) throw error;
    // Without waiting for locks, it was a row that a process of the version before is writing.
    throw waits ? stillWorking() : new Error('a row of a key is being written', { cause: error });
  }
}

/** @param first the row of the first request; `undefined`: it was forgotten at this moment */
function claimOf({ fingerprint }: RequestKey, first: IdempotencyKey | undefined): Claim {
  if (!first?.status) return { kind: 'refused', problem: stillWorking() };
  if (!fingerprint.equals(first.fingerprint)) return { kind: 'refused', problem: otherRequest() };
  const headers = { ...first.headers, 'idempotent-replayed': 'true' };
  return { kind: 'replay', answer: { status: first.status, headers, body: first.body } };
}

const hex = (bytes: Buffer) => bytes.toString('hex');
