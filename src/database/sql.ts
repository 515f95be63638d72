import type { DataSource, EntityManager } from 'typeorm';
import { isForgotten } from './prepared.js';
import { tlsFault } from './tls-fault.js';

/** A pool of connections, or the caller's transaction (then it is called `tx`). */
export type Database = DataSource | EntityManager;
/** A connection or a transaction that can run statements. */
export interface Session {
  query: (text: string, parameters?: unknown[]) => Promise<unknown>;
}

/** Runs one statement and returns its rows. TypeORM returns `[rows, count]` for UPDATE and DELETE; this does not. */
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
 * SQLSTATE classes and codes that mean PostgreSQL cannot serve now. Source: PostgreSQL, Appendix A, Error Codes. Our
 * statements are tested. So a missing right, role or table is a fault of the installation and belongs here.
 * - 08: connection.
 * - 25006: read-only.
 * - 25P0: the session was ended because it was idle.
 * - 28: the role is refused.
 * - 3D000, 42P01: database or table does not exist.
 * - 42501: a right is missing.
 * - 53: resources (disk, memory, connections).
 * - 55000: the database takes no connections.
 * - 55P03: a lock was not available.
 * - 57014: the statement took too long.
 * - 57P: shutting down or starting.
 * - 58: I/O.
 * - XX: internal.
 */
const UNAVAILABLE = /^(08|25006|25P0|28|3D000|42501|42P01|53|55000|55P03|57014|57P|58|XX)/;
const NETWORK = /ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|EAI_AGAIN/;
/** How messages of the driver and of TypeORM begin. Others may quote a text that has the same words. */
const DRIVER = new RegExp(
  `^(${[
    'Connection terminated',
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'Client has encountered a connection error',
    'Client was closed and is not queryable',
    'Cannot use a pool after',
    'DataSource is not',
    'Query runner already released',
    'Database connection provided by a query runner was already released',
  ].join('|')})`,
);

/** Whether the error means that the database is away or refuses writes, rather than that the statement is wrong. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const { code, driverError, message } = error as { code?: string; driverError?: unknown; message?: string };
  if (driverError && driverError !== error && isDatabaseUnavailable(driverError)) return true;
  const isAway = UNAVAILABLE.test(code ?? '') || NETWORK.test(code ?? '') || DRIVER.test(message ?? '');
  return isAway || tlsFault(error) !== null;
}

/** Deadlock, serialization failure, forgotten statement: run again, the same transaction should pass. */
export function isTransient(error: unknown): boolean {
  return ['40001', '40P01'].includes((error as { code?: string }).code ?? '') || isForgotten(error);
}
