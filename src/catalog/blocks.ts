import { type Session, sql } from '../database/sql.js';
import { GenerationFailure } from '../domain/failure.js';
import { ENTITIES, type EntityKind, KINDS, type Kind } from '../domain/kinds.js';
import { keysOf } from './same-row.js';
import { namesOf } from './subjects.js';
import { idsOf, type Named, type Result, toldBy } from './told.js';

/** What may be blocked. */
interface Suspect {
  entity: EntityKind;
  keys: string[];
  year: number | null;
  imdb?: string;
  tmdb?: number;
}

/** One year off is the same, as everywhere; a year that is not known tells nobody apart. */
const BLOCKED = `SELECT place FROM jsonb_to_recordset($1::jsonb) AS item
    (place integer, entity text, keys text[], year integer, imdb text, tmdb integer)
  WHERE EXISTS (SELECT 1 FROM blocks AS block WHERE block.entity = item.entity
    AND (block.keys && item.keys AND (block.year IS NULL OR item.year IS NULL OR abs(block.year - item.year) <= 1)
      OR block.imdb_id = item.imdb OR block.tmdb_id = item.tmdb))`;

const entityOf = ({ table }: Pick<Kind, 'table'>): EntityKind =>
  ENTITIES.find((entity) => KINDS[entity].table === table)!;

/**
 * The results without those whom they name and who are blocked. The names must be locked: a block that comes meanwhile
 * waits. Where nothing is blocked, it costs a look at an empty table.
 * @throws GenerationFailure when one of them is about something blocked
 */
export async function withoutBlocked(tx: Session, results: Result[]): Promise<Result[]> {
  const any = await sql(tx, 'SELECT 1 FROM blocks LIMIT 1');
  if (any.length === 0) return results;
  const subjects = await blockedOf(tx, results.map(subjectOf));
  if (subjects.some(Boolean)) throw blockedFailure();
  const named = results.flatMap((result) => namedIn(result).map((one) => ({ result, one })));
  const blocked = await blockedOf(
    tx,
    named.map(({ result, one }) => ({ entity: namedEntity(result), keys: keysOf(one), year: one.year })),
  );
  const gone = new Set(named.filter((_, n) => blocked[n]).map(({ one }) => one));
  return gone.size === 0 ? results : results.map((result) => without(result, gone));
}

const blockedFailure = () =>
  new GenerationFailure('NOT_FOUND', 'It is blocked: an operator has had it removed for good.', { retryable: false });

/** A text about what is known is about a row, which is there. */
function subjectOf(result: Result): Suspect {
  const { entity } = result.job;
  const told = toldBy(result);
  return { entity, keys: namesOf(result), year: told?.year ?? null, ...(told && idsOf(result)) };
}

const namedIn = (result: Result) => (KINDS[result.job.entity].credits ? (toldBy(result)?.named ?? []) : []);
const namedEntity = ({ job }: Result) => entityOf({ table: KINDS[job.entity].credits.names });

/** Whether each is blocked. Its names must be locked. */
export async function blockedOf(tx: Session, suspects: Suspect[]): Promise<boolean[]> {
  if (suspects.length === 0) return [];
  const items = suspects.map((suspect, place) => ({ place, ...suspect }));
  const rows = await sql<{ place: number }>(tx, BLOCKED, [JSON.stringify(items)]);
  const places = new Set(rows.map(({ place }) => place));
  return suspects.map((_, place) => places.has(place));
}

/** The joined names of directors name them too. */
function without(result: Result, gone: Set<Named>): Result {
  const told = toldBy(result);
  if (!told || !told.named.some((one) => gone.has(one))) return result;
  const named = told.named.filter((one) => !gone.has(one));
  const directors = named.filter(({ role }) => role === 'DIRECTOR').map(({ text }) => text);
  const facts = 'director' in told.facts ? { ...told.facts, director: directors.join(', ') || null } : told.facts;
  return { ...result, subject: { row: result.subject.row, told: { ...told, named, facts } } };
}
