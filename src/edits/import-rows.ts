import type { EntityManager } from 'typeorm';
import { sql } from '../database/sql.js';
import type { Kind } from '../domain/kinds.js';
import type { ContextTag, Locale } from '../domain/vocabulary.js';
import { yearsAgree } from '../domain/years.js';
import { type FieldError, unprocessable } from '../http/problem.js';
import { candidatesOf } from '../catalog/candidates.js';
import { type Candidate, hasId, isTwin, keysOf, rowOf } from '../catalog/same-row.js';
import type { ExternalIds, Name } from '../catalog/told.js';

/** What somebody brings of a film or a person of their own. */
export interface Own {
  /** Where it stands in the request. */
  at: string;
  name: Name;
  year: number | null;
  slug?: string;
  externalIds: ExternalIds;
  texts: { locale: Locale; context_tag: ContextTag; text: string }[];
}

/** The rows that may be meant, each found in another way. */
interface Met {
  byId: Candidate[];
  bySlug: Candidate[];
  byName: Candidate[];
}

/**
 * The row that each item is about: by an id, else by its slug, else by its name and year. `null`: it is new.
 * @throws ProblemException 422 that names each item that means several, or one that contradicts it
 */
export async function importedRows(tx: EntityManager, kind: Kind, items: Own[]): Promise<(Candidate | null)[]> {
  const byId = await candidatesOf(
    tx,
    kind,
    items.map(({ externalIds }) => ({ keys: [], externalIds })),
  );
  const byName = await candidatesOf(
    tx,
    kind,
    items.map(({ name }) => ({ keys: keysOf(name), externalIds: {} })),
  );
  const slugs = await ownersOf(tx, kind, items);
  const errors: FieldError[] = [];
  const rows = items.map((item, n) => {
    const named = byName[n]!;
    const owner = item.slug === undefined ? undefined : slugs.get(item.slug);
    const met = { byId: byId[n]!, bySlug: named.filter(({ id }) => id === owner), byName: named };
    const found = owner !== undefined && met.bySlug.length === 0 ? 'another' : meantBy(item, kind, met);
    if (found === null || (typeof found === 'object' && 'id' in found)) return found;
    errors.push(
      found === 'another'
        ? { pointer: `${item.at}/slug`, detail: `is that of another ${kind.text}` }
        : { pointer: item.at + found.pointer, detail: found.detail },
    );
    return null;
  });
  if (errors.length > 0) throw unprocessable(errors);
  return rows;
}

function meantBy(item: Own, kind: Kind, { byId, bySlug, byName }: Met): Candidate | FieldError | null {
  const [first, second] = byId;
  if (second) return wrongIds(`are those of ${first!.slug} and of ${second.slug}`);
  if (first) {
    if (!yearsAgree(first.year, item.year)) return wrongIds(`are those of ${first.slug}, which is of another year`);
    return first;
  }
  const [exact] = bySlug;
  if (exact) return hasOthers(exact, item) ? wrongIds(`differ from those of ${exact.slug}`) : exact;
  const traits = { year: item.year, makers: [], externalIds: item.externalIds };
  // A slug that is not known yet is of a twin, or of another year.
  const sameYear = ({ year }: Candidate) => item.slug === undefined || (year ?? item.year) === (item.year ?? year);
  const rows = byName.filter(sameYear).filter((row) => !isTwin(row, traits));
  const dated = rows.filter(({ known, year }) => known || year !== null);
  const row = item.year === null && dated.length > 1 ? null : rowOf(rows, traits);
  if (row || rows.length === 0) return row;
  // Of several nothing is guessed; one that nobody told of yet may be what is brought.
  return { pointer: `/${kind.text}`, detail: `means several: ${rows.map(({ slug }) => slug).join(', ')}` };
}

const wrongIds = (detail: string): FieldError => ({ pointer: '/external_ids', detail });

/** Whether it is known under other ids than the item says. */
const hasOthers = (row: Candidate, { externalIds }: Own) =>
  !hasId(row, externalIds) &&
  ((row.imdb_id !== null && externalIds.imdb !== undefined) ||
    (row.tmdb_id !== null && externalIds.tmdb !== undefined));

/** Whose each slug is, or was. */
async function ownersOf(tx: EntityManager, { table, slugs, owner }: Kind, items: Own[]): Promise<Map<string, string>> {
  const wanted = items.flatMap(({ slug }) => slug ?? []);
  if (wanted.length === 0) return new Map();
  const rows = await sql<{ id: string; slug: string }>(
    tx,
    `SELECT ${owner} AS id, slug FROM ${slugs} WHERE slug = ANY($1::text[])
     UNION ALL SELECT id, slug FROM ${table} WHERE slug = ANY($1::text[])`,
    [wanted],
  );
  return new Map(rows.map(({ id, slug }) => [slug, id]));
}
