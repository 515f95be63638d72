import type { DataSource, EntityManager } from 'typeorm';
import { tlsFault } from './tls-fault.js';

/** A connection of its own, or the caller's transaction (then it is called `tx`). */
export type Database = DataSource | EntityManager;
/** Where questions are asked. */
export interface Session {
  query: (text: string, parameters?: unknown[]) => Promise<unknown>;
}

/** Runs one statement and answers its rows. TypeORM answers UPDATE and DELETE as `[rows, count]`; this does not. */
export async function sql<Row>(db: Session, text: string, parameters: unknown[] = []): Promise<Row[]> {
  const answer: unknown = await db.query(text, parameters);
  const counted = Array.isArray(answer) && answer.length === 2 && Array.isArray(answer[0]);
  return (counted ? answer[0] : answer) as Row[];
}

/** The same for a statement that always answers one row. */
export async function sqlRow<Row>(db: Session, text: string, parameters: unknown[] = []): Promise<Row> {
  const [row] = await sql<Row>(db, text, parameters);
  return row!;
}

/**
 * SQLSTATE classes and codes that say PostgreSQL cannot serve now, whoever asks. The statements are ours and tested,
 * so what they lack at the operator's end (a right, a role, a table that is being restored) is of that kind: 08
 * connection, 25006 read-only, 25P0 a session ended for idling, 28 the role is refused, 3D000 and 42P01 database or
 * table gone, 42501 a right is missing, 53 resources (disk, memory, connections), 55000 the database takes no
 * connections, 55P03 a lock is not to be had, 57014 the statement took too long, 57P shutting down or starting, 58
 * I/O, XX internal. Source: PostgreSQL, Appendix A, Error Codes.
 */
const UNAVAILABLE = /^(08|25006|25P0|28|3D000|42501|42P01|53|55000|55P03|57014|57P|58|XX)/;
const NETWORK = /ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|EAI_AGAIN/;
const DRIVER =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Cannot use a pool after|not queryable|DataSource is not|already released/;

/** Whether the error means that the database is away or refuses writes, not that the statement is wrong. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const { code, driverError, message } = error as { code?: string; driverError?: unknown; message?: string };
  if (driverError && driverError !== error && isDatabaseUnavailable(driverError)) return true;
  const isAway = UNAVAILABLE.test(code ?? '') || NETWORK.test(code ?? '') || DRIVER.test(message ?? '');
  return isAway || tlsFault(error) !== null;
}

/** Deadlock or serialization failure: the same transaction, run again, is expected to pass. */
export function isTransient(error: unknown): boolean {
  return ['40001', '40P01'].includes((error as { code?: string }).code ?? '');
}
