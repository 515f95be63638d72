import { type Session, sql } from '../database/sql.js';
import type { EntityKind } from '../domain/kinds.js';
import { baseOf } from '../domain/slug.js';

/** Requests of one slug that are looked at. */
const MOST = 5;

/**
 * How a former request spelled the name whose slug this is, without its year. Of another script a slug says it to
 * nobody, and a suggestion is asked for by its slug.
 * @returns `null`: nobody asked by the name, or that is forgotten
 */
export async function spelledFor(db: Session, entity: EntityKind, base: string): Promise<string | null> {
  const rows = await sql<{ subject: string }>(
    db,
    `SELECT request ->> 'subject' AS subject FROM generation_jobs
     WHERE requested_slug = $1 AND entity = $2 AND finished_at IS NOT NULL AND request ->> 'subject' IS NOT NULL
     LIMIT ${MOST}`,
    [base, entity],
  );
  return rows.find(({ subject }) => baseOf(subject) === base)?.subject ?? null;
}
