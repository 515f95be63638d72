import { type Session, sql } from '../database/sql.js';
import { type EntityKind, KINDS } from '../domain/kinds.js';
import { baseOf } from '../domain/slug.js';
import type { Suggested } from '../domain/suggestion.js';
import { candidateColumns } from './candidates.js';
import { findBySlug } from './names.js';
import { type Candidate, hasId, isTwin, yearsAgree } from './same-row.js';
import type { ExternalIds, Name } from './told.js';

/** What a request says of whose text it wants. */
export interface Sought {
  entity: EntityKind;
  /** As it is spelled; `null`: a slug alone. */
  text: string | null;
  /** Without what tells it apart from twins. */
  slug: string;
  year: number | null;
  makers: Name[];
  externalIds: ExternalIds;
}

/** A row of the catalogue that a request may mean. */
export interface Row extends Candidate {
  namesakes: { text: string; year: number | null }[];
  /** Texts that it has. */
  texts: number;
  /** Whether it has exactly that name, that slug or that id. */
  literal: boolean;
}

/** What the catalogue has of a request. */
export interface Found {
  /** What is meant; `null`: nothing that is known, or not for sure. */
  row: Row | null;
  /** All that may be meant, where they are several. */
  several: Suggested[];
}

/** How many of one name are looked at. */
const MOST = 50;

/** Which row of the catalogue a request means. A name that is not exactly one of its names does not yet mean it. */
export async function seek(db: Session, sought: Sought): Promise<Found> {
  const rows = (await rowsOf(db, sought)).filter((row) => row.literal && fits(row, sought));
  const exact = rows.filter(({ year }) => sought.year !== null && year === sought.year);
  const meant = exact.length > 0 ? exact : rows;
  const best = meant.toSorted((a, b) => rank(b, sought) - rank(a, sought) || (a.id < b.id ? -1 : 1))[0] ?? null;
  const several = best && isOpen(sought) ? choicesOf(best, meant) : [];
  return { row: best, several };
}

/** Whether nothing but the name says which one is meant. */
export const isOpen = ({ year, makers, externalIds }: Sought) =>
  year === null && makers.length === 0 && Object.keys(externalIds).length === 0;

function fits(row: Row, { year, makers, externalIds }: Sought): boolean {
  if (hasId(row, externalIds)) return true;
  const keys = makers.flatMap(({ text, keys: folded }) => [...folded, baseOf(text)]);
  return !isTwin(row, { year, makers: keys, externalIds });
}

const rank = (row: Row, { externalIds }: Sought) =>
  (hasId(row, externalIds) ? 1_000_000 : 0) + (row.known ? 100_000 : 0) + Math.min(row.texts, 99_999);

/** The best known one first; what is only mentioned counts when its year tells it apart. */
function choicesOf(best: Row, meant: Row[]): Suggested[] {
  const rows: Suggested[] = meant.filter((row) => row === best || row.known || row.year !== null);
  rows.sort((a, b) => Number(b === best) - Number(a === best));
  const told = best.namesakes.filter(
    ({ year }) => year !== null && !rows.some((row) => row.year === null || yearsAgree(row.year, year)),
  );
  const others = told.map(({ text, year }) => ({ slug: `${baseOf(text)}-${year}`, text, year }));
  const all = [...rows, ...others].map(({ slug, text, year }) => ({ slug, text, year }));
  return all.length > 1 ? all : [];
}

async function rowsOf(db: Session, sought: Sought): Promise<Row[]> {
  const kind = KINDS[sought.entity];
  const { table, knownAs, texts, owner, firstYear } = kind;
  const { imdb = null, tmdb = null } = sought.externalIds;
  const bySlug =
    sought.text === null
      ? await findBySlug<{ id: string }>(db, { table, slug: sought.slug, firstYear, columns: `${table}.id` }, MOST)
      : [];
  const base = sought.text === null ? null : baseOf(sought.text);
  return sql<Row>(
    db,
    `WITH hits AS (
       SELECT id, bool_or(lower(text) = lower($1)) AS literal FROM ${knownAs} WHERE base = $2 GROUP BY id
       UNION ALL SELECT id, true FROM ${table} WHERE imdb_id = $3 OR tmdb_id = $4
       UNION ALL SELECT unnest($5::uuid[]), true),
     met AS (SELECT id, bool_or(literal) AS literal FROM hits GROUP BY id LIMIT ${MOST})
     SELECT ${candidateColumns(kind)}, own.namesakes, met.literal,
       (SELECT count(*)::int FROM ${texts} AS text WHERE text.${owner} = own.id) AS texts
     FROM met JOIN ${table} AS own ON own.id = met.id`,
    [sought.text, base, imdb, tmdb, bySlug.map(({ id }) => id)],
  );
}
