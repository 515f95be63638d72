import { type Session, sql, sqlRow } from './sql.js';

/** A process that runs on a database, by its last beat. */
export interface LivingProgram {
  role: string;
  host: string;
  pid: number;
  /** `null`: it is of a version that did not say. */
  version: string | null;
}

/** Named at most. */
const NAMED = 3;

/** By way of JSON, because the table of an older program has no column for the version. */
const LIVING = `SELECT role, host, pid, to_jsonb(one) ->> 'version' AS version FROM processes AS one
  WHERE expires_at > now() ORDER BY started_at, id`;

/** Reads tables of any version. */
export async function livingPrograms(db: Session): Promise<LivingProgram[]> {
  const { is_there } = await sqlRow<{ is_there: boolean }>(
    db,
    `SELECT to_regclass('processes') IS NOT NULL AS is_there`,
  );
  return is_there ? sql<LivingProgram>(db, LIVING) : [];
}

/** For one line: `api host:4711 of 0.1.0, worker …, and 3 more`. */
export function namesOf(programs: LivingProgram[]): string {
  const named = programs.slice(0, NAMED).map(({ role, host, pid, version }) => {
    return `${role} ${host}:${pid} of ${version ?? 'an older version'}`;
  });
  const more = programs.length - named.length;
  return named.join(', ') + (more > 0 ? `, and ${more} more` : '');
}
