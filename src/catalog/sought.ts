import { type Session, sql } from '../database/sql.js';
import { type EntityKind, KINDS } from '../domain/kinds.js';
import { baseOf } from '../domain/slug.js';
import type { Suggested } from '../domain/suggestion.js';
import { yearsAgree } from '../domain/years.js';
import { candidateColumns } from './candidates.js';
import { findBySlug } from './names.js';
import { type Candidate, hasId, isTwin } from './same-row.js';
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
  /**
   * The same of its name or slug: an id alone may be that of another one, by mistake. So may a title that a model told
   * beside a text.
   */
  named: boolean;
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

/**
 * Which row of the catalogue each of these requests means, in their order. A name that is not exactly one of its names
 * does not yet mean it.
 */
export async function seekAll(db: Session, entity: EntityKind, all: Sought[]): Promise<Found[]> {
  const rows = await rowsOf(db, entity, all);
  return all.map((sought, place) =>
    foundIn(
      rows.filter((row) => row.place === place),
      sought,
    ),
  );
}

function foundIn(rows: Row[], sought: Sought): Found {
  const literal = rows.filter((row) => row.literal && fits(row, sought));
  const sure = literal.filter((row) => row.named || hasId(row, sought.externalIds));
  if (sure.length === 0) return { row: literal.length === 1 ? literal[0]! : null, several: [] };
  const exact = sure.filter(({ year }) => sought.year !== null && year === sought.year);
  const meant = exact.length > 0 ? exact : sure;
  const best = meant.toSorted((a, b) => rank(b, sought) - rank(a, sought) || (a.id < b.id ? -1 : 1))[0] ?? null;
  if (best && isUndecided(best, rows, sought)) return { row: null, several: [] };
  const several = best === null ? [] : isOpen(sought) ? choicesOf(best, meant) : twinsOf(best, meant, sought);
  return { row: best, several };
}

/** Whether nothing but the name says which one is meant. */
export const isOpen = ({ year, makers, externalIds }: Sought) =>
  year === null && makers.length === 0 && Object.keys(externalIds).length === 0;

/** Several bear the name, and none the id: what the answer tells of it says which it is, or that it is another one. */
function isUndecided(best: Row, rows: Row[], { externalIds, year }: Sought): boolean {
  if (Object.keys(externalIds).length === 0 || hasId(best, externalIds)) return false;
  return rows.filter((row) => row.literal && row.known && yearsAgree(row.year, year)).length > 1;
}

/** Those of one title and year, where nothing else is said: their slugs tell them apart. */
function twinsOf(best: Row, meant: Row[], { text, year, makers, externalIds }: Sought): Suggested[] {
  if (text === null || year === null || makers.length > 0 || Object.keys(externalIds).length > 0) return [];
  const twins = meant
    .filter((row) => row.known && row.year === year)
    .sort((a, b) => Number(b === best) - Number(a === best));
  return twins.length > 1 ? twins.map(({ slug, text: name, year: own }) => ({ slug, text: name, year: own })) : [];
}

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

async function rowsOf(db: Session, entity: EntityKind, all: Sought[]): Promise<(Row & { place: number })[]> {
  const kind = KINDS[entity];
  const { table, names, texts, owner, firstYear } = kind;
  const items: object[] = [];
  for (const [place, { text, slug, externalIds }] of all.entries()) {
    const asked = { table, slug, firstYear, columns: `${table}.id` } as const;
    const found = text === null ? await findBySlug<{ id: string }>(db, asked, MOST) : [];
    const [sure, local] = [false, true].map((isLocal) => found.filter((row) => row.is_local === isLocal));
    const [ids, locals] = [sure!, local!].map((part) => part.map(({ id }) => id));
    items.push({ place, text, base: text && baseOf(text), ...externalIds, ids, locals });
  }
  return sql<Row & { place: number }>(
    db,
    `SELECT wanted.place, ${candidateColumns(kind)}, own.namesakes, met.literal, met.named,
       (SELECT count(*)::int FROM ${texts} AS text WHERE text.${owner} = own.id) AS texts
     FROM jsonb_to_recordset($1::jsonb)
       AS wanted (place integer, text text, base text, imdb text, tmdb integer, ids uuid[], locals uuid[])
     CROSS JOIN LATERAL (SELECT id, bool_or(literal) AS literal, bool_or(named) AS named FROM (
         SELECT id, literal, literal AND source <> 'LOCAL' AS named
           FROM (SELECT id, lower(${kind.text}) = lower(wanted.text) AS literal, '' AS source
               FROM ${table} WHERE ${kind.base} = wanted.base
             UNION ALL SELECT ${owner}, lower(${kind.text}) = lower(wanted.text), source
               FROM ${names} WHERE ${kind.base} = wanted.base) AS called
         UNION ALL SELECT id, true, false FROM ${table} WHERE imdb_id = wanted.imdb
         UNION ALL SELECT id, true, false FROM ${table} WHERE tmdb_id = wanted.tmdb
         UNION ALL SELECT unnest(wanted.ids), true, true
         UNION ALL SELECT unnest(wanted.locals), true, false) AS hit
       GROUP BY id LIMIT ${MOST}) AS met
     JOIN ${table} AS own ON own.id = met.id`,
    [JSON.stringify(items)],
  );
}
