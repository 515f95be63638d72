import type { DataSource } from 'typeorm';
import { type Database, sql } from '../database/sql.js';
import type { Address, Dispatched, DispatchPlace, Outbox, Waiting } from '../queue/outbox.js';
import { AT_ONCE } from './waits.js';
import type { LoopName } from '../timing/loop-names.js';

interface Table {
  name: 'generation_jobs' | 'webhook_deliveries';
  /** The columns that are read of a row. */
  columns: string;
  /** For a WHERE: no operator has paused the queue of the row. */
  notPaused: string;
  /** For a SELECT: nothing that the ledger knows keeps a worker from beginning. */
  free: string;
  /** For a WHERE: the rows of each queue, where there are several. */
  queues: string[];
}

const BATCH = 5000;
/**
 * The commit does not wait for the disk. If the database dies, rows may lose their mark. They are handed over again,
 * under the same id in the queue. A claim is on the disk with all that was committed before it, so it keeps its mark.
 */
const QUICKLY = `WITH quickly AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))`;
const IN_QUEUE = `status = 'PENDING' AND dispatched_at`;
/**
 * Rows among which those that wait longest are looked for. Of a queue they are those that fell due first. That is the
 * order of the queue, save for rows that were handed back: so many may stand at its end.
 */
const FIRST = 500;

/** An outbox in a table with the columns status, run_at, dispatched_at and dispatch, and the statements on it. */
export abstract class OutboxTable<Row extends Waiting> implements Outbox<Row> {
  abstract readonly name: string;
  abstract readonly loop: LoopName;
  abstract readonly lock: number;

  protected constructor(
    protected readonly db: DataSource,
    private readonly table: Table,
  ) {}

  abstract addressOf(row: Row): Address;
  abstract onDue(wake: (fresh?: Row[]) => void): void;
  abstract lockDue(tx: Database, limit: number): Promise<Row[]>;
  /**
   * Makes rows due that wait for their time and are in no queue. It works in batches: one statement for a million rows
   * would hold their locks for a minute.
   * @param which condition of a WHERE
   */
  protected async bringForward(which: string): Promise<void> {
    const { name } = this.table;
    const statement = `UPDATE ${name} SET run_at = now(), wait_seconds = ${AT_ONCE} WHERE id IN (
      SELECT id FROM ${name} WHERE status = 'PENDING' AND dispatched_at IS NULL AND run_at > now() AND ${which}
      ORDER BY run_at LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED) RETURNING id`;
    while ((await sql(this.db, statement, [BATCH])).length === BATCH);
    this.announce();
  }

  /** Call it after rows came due. */
  protected abstract announce(): void;

  async markDispatched(db: Database, rows: Row[]): Promise<void> {
    const { name } = this.table;
    await sql(
      db,
      `${QUICKLY},
       handed AS MATERIALIZED (SELECT own.id FROM quickly, unnest($1::uuid[], $2::int[]) AS row (id, dispatch)
         JOIN ${name} AS own ON own.id = row.id AND own.dispatch = row.dispatch
         WHERE own.status = 'PENDING' AND own.dispatched_at IS NULL AND own.run_at <= now()
         ORDER BY own.id FOR NO KEY UPDATE OF own SKIP LOCKED)
       UPDATE ${name} AS own SET dispatched_at = now() FROM handed WHERE own.id = handed.id`,
      [rows.map(({ id }) => id), rows.map(({ dispatch }) => dispatch)],
    );
  }

  longestDispatched(seconds: number, limit: number): Promise<(Row & { free: boolean })[]> {
    const { name, columns, notPaused, free, queues } = this.table;
    const firstOf = (which: string, order: string) => `(SELECT id FROM (SELECT * FROM ${name} WHERE ${which}
         ORDER BY ${order} LIMIT ${FIRST}) AS first
       WHERE dispatched_at < now() - make_interval(secs => $2) AND ${notPaused} ORDER BY dispatched_at LIMIT $1)`;
    const looks = [
      firstOf(`${IN_QUEUE} IS NOT NULL`, 'dispatched_at'),
      ...queues.map((own) => firstOf(`status = 'PENDING' AND ${own} AND run_at <= now()`, 'run_at, id')),
    ];
    return sql<Row & { free: boolean }>(
      this.db,
      `SELECT ${columns}, ${free} AS free FROM ${name} WHERE id IN (${looks.join(' UNION ')})`,
      [limit, seconds],
    );
  }

  dispatchedAfter(tx: Database, place: DispatchPlace, until: Date, limit: number): Promise<(Row & Dispatched)[]> {
    const { name, columns } = this.table;
    return sql<Row & Dispatched>(
      tx,
      `SELECT ${columns}, dispatched_at::text FROM ${name}
       WHERE ${IN_QUEUE} <= $3 AND (dispatched_at, id) > ($1::timestamptz, $2::uuid)
       ORDER BY dispatched_at, id LIMIT $4`,
      [place.dispatched_at, place.id, until, limit],
    );
  }

  async dispatchAgain(tx: Database, until: Date, limit: number): Promise<number> {
    const { name } = this.table;
    const rows = await sql(
      tx,
      `UPDATE ${name} SET dispatched_at = NULL WHERE id IN (SELECT id FROM ${name}
         WHERE ${IN_QUEUE} <= $2 ORDER BY dispatched_at LIMIT $1 FOR NO KEY UPDATE) RETURNING id`,
      [limit, until],
    );
    if (rows.length > 0) this.announce();
    return rows.length;
  }

  async dispatchAnew(rows: Row[]): Promise<void> {
    await sql(
      this.db,
      `UPDATE ${this.table.name} AS waiting SET dispatched_at = NULL, dispatch = waiting.dispatch + 1
       FROM jsonb_to_recordset($1::jsonb) AS lost (id uuid, dispatch integer)
       WHERE waiting.id = lost.id AND waiting.dispatch = lost.dispatch AND waiting.status = 'PENDING'`,
      [JSON.stringify(rows)],
    );
    this.announce();
  }
}
