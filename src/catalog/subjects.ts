import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { createHash } from 'node:crypto';
import { sql } from '../database/sql.js';
import { together } from '../database/transaction.js';
import type { FactsOrigin, GivenFacts } from '../domain/given-facts.js';
import { GenerationFailure } from '../domain/failure.js';
import type { Kind } from '../domain/kinds.js';
import { baseOf, nameForSlug, partsOf, slugOf, suffixed, wordsOf } from '../domain/slug.js';
import { candidatesOf } from './candidates.js';
import { othersOf, withEdits } from './corrected.js';
import { type Candidate, keysOf, rowOf, traitsOf } from './same-row.js';
import { idsOf, type Result, type Told, toldBy } from './told.js';

/** Where the text of a result belongs. */
export interface Place {
  id: string;
  slug: string;
  /** Whether the facts that are told are written; else those that are known stay. */
  writes: boolean;
  /** Whether there was no row before. */
  isNew: boolean;
  /** Fields that somebody corrected. */
  edited: string[];
}

interface Row {
  id: string;
  slug: string;
  base: string;
  text: string;
  keys: string[];
  year: number | null;
  namesakes: Told['namesakes'];
  given: GivenFacts | null;
  origin: FactsOrigin;
}

/** What is to be written of what results of one kind are about. */
export interface Subjects extends Kept {
  written: { row: Row & Record<string, unknown>; isNew: boolean }[];
}

/**
 * Says where results of one kind belong, no two of them of one name. Their names are locked. Facts are written where
 * none are known, or where that was asked for.
 * @param found of {@link findRows}
 * @returns with one place for each, in their order
 */
export async function placeSubjects(
  tx: EntityManager,
  kind: Kind,
  results: Result[],
  found: (Candidate | null)[],
): Promise<Subjects> {
  const plans = results.map((result, n) => planOf(result, found[n] ?? null));
  const [, taken] = await together([lockRows(tx, kind, found), takenSlugs(tx, kind, plans)]);
  const places: Place[] = [];
  const written: Subjects['written'] = [];
  for (const n of results.keys()) {
    const known = found[n] ?? null;
    const plan = plans[n]!;
    if (plan === null) {
      const { id, slug, edited } = known!;
      places.push({ id, slug, edited, writes: false, isNew: false });
      continue;
    }
    const { id, year, told } = plan;
    const slug = freeSlug(plan, taken);
    taken.set(slug, id);
    const { namesakes } = told;
    const { text, keys } = told.name;
    const given = results[n]!.given ?? null;
    const origin: FactsOrigin = given === null ? (results[n]!.origin ?? 'MODEL') : 'CLIENT';
    const row = { id, slug, base: baseOf(text), text, keys, year, namesakes, given, origin, ...told.facts };
    written.push({ row, isNew: known === null });
    places.push({ id, slug, writes: true, isNew: known === null, edited: known?.edited ?? [] });
  }
  return { places, found, plans, written };
}

/** Makes the rows that are new, and writes what is told of all. */
export async function saveSubjects(
  tx: EntityManager,
  kind: Kind,
  results: Result[],
  subjects: Subjects,
): Promise<void> {
  const { places, written } = subjects;
  const rows = (areNew: boolean) => written.flatMap(({ row, isNew }) => (isNew === areNew ? [row] : []));
  await together([
    update(tx, kind, rows(false)),
    insert(tx, kind, rows(true)),
    saveIds(tx, kind, results, places),
    saveNames(tx, kind, results, subjects),
  ]);
}

/** The row of each result; `null`: it is new. By an id alone one is found where the request says that id. */
export async function findRows(tx: EntityManager, kind: Kind, results: Result[]): Promise<(Candidate | null)[]> {
  const wanted = results.map((result) => ({
    keys: namesOf(result),
    ...(result.subject.told && { main: keysOf(result.subject.told.name) }),
    externalIds: result.asked.externalIds,
  }));
  const rowIds = results.flatMap(({ subject }) => subject.row ?? []);
  const [rows, byId] = await together([candidatesOf(tx, kind, wanted), rowsOf(tx, kind, rowIds)]);
  return results.map((result, n) => {
    const { subject } = result;
    const known = byId.find(({ id }) => id === subject.row);
    if (subject.row !== null && !known) throw isGone();
    if (known) return known;
    return rowOf(rows[n]!, traitsOf(subject.told!, idsOf(result), result.asked.makers));
  });
}

const isGone = () =>
  new GenerationFailure('UNKNOWN_ERROR', 'What it is about was removed while it was written.', { retryable: true });

/** What all names that a result tells of its subject are compared by. */
export function namesOf(result: Result): string[] {
  const told = toldBy(result);
  if (!told) return [];
  return [...new Set([told.name, ...told.others].flatMap(keysOf))];
}

const rowsOf = async (tx: EntityManager, { table, text, year }: Kind, ids: string[]): Promise<Candidate[]> =>
  ids.length === 0
    ? []
    : sql<Candidate>(
        tx,
        `SELECT id, slug, ${text} AS text, keys, ${year} AS year, known, edited, imdb_id, tmdb_id,
           '{}'::text[] AS makers, NULL::integer AS first_work FROM ${table} WHERE id = ANY($1::uuid[])`,
        [ids],
      );

/** Texts of one row are numbered one after the other. In one order, so that no two wait for each other. */
async function lockRows(tx: EntityManager, { table }: Kind, rows: (Candidate | null)[]): Promise<void> {
  const ids = rows.flatMap((row) => (row ? [row.id] : []));
  if (ids.length === 0) return;
  await sql(tx, `SELECT 1 FROM ${table} WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`, [ids]);
}

/** Facts that are to be written, and the slugs that the row may have, the best first. */
interface Plan {
  id: string;
  year: number | null;
  told: Told;
  slugs: string[];
  /** The slug of its main name, in whatever script: it is an address of it. */
  plain: string;
}

/** `null`: the facts that are known stay. */
function planOf(result: Result, known: Candidate | null): Plan | null {
  const said = toldBy(result);
  if (said === null || (known?.known && !result.asked.refresh)) return null;
  const told = known ? withEdits(said, known) : said;
  const id = known?.id ?? uuidv7();
  const year = told.year ?? known?.year ?? null;
  const keepsSlug = known?.edited.some((field) => field === 'name' || field === 'year');
  if (keepsSlug) return { id, year, told, plain: known!.slug, slugs: [known!.slug] };
  const plain = slugOf(told.name.text, year);
  // What has been known under the slug of its main name keeps it.
  const isKept = known !== null && known.known && known.slug === plain;
  const others = isKept ? [] : told.others.map(({ text }) => text);
  return { id, year, told, plain, slugs: slugsFor(told, slugOf(nameForSlug(told.name.text, others), year)) };
}

/** The slug of its name and year; and with what tells it apart from a twin that has that. */
function slugsFor({ facts, named }: Told, plain: string): string[] {
  const director = named.find(({ role, billing_order }) => role === 'DIRECTOR' && billing_order !== null)?.text;
  const more = [director ? wordsOf(director) : '', facts.birth_date ?? ''].filter(Boolean);
  return [plain, ...more.map((suffix) => suffixed(plain, suffix))];
}

/** Whose each of these slugs is, or was. */
async function takenSlugs(
  tx: EntityManager,
  { table, slugs, owner }: Kind,
  plans: (Plan | null)[],
): Promise<Map<string, string>> {
  const wanted = plans.flatMap((plan) => plan?.slugs ?? []);
  if (wanted.length === 0) return new Map();
  const rows = await sql<{ id: string; slug: string }>(
    tx,
    `SELECT ${owner} AS id, slug FROM ${slugs} WHERE slug = ANY($1::text[])
     UNION ALL SELECT id, slug FROM ${table} WHERE slug = ANY($1::text[])`,
    [wanted],
  );
  return new Map(rows.map(({ id, slug }) => [slug, id]));
}

/** Where others have all of them, its own id tells it apart. */
const freeSlug = ({ id, slugs }: Plan, taken: Map<string, string>): string =>
  slugs.find((slug) => (taken.get(slug) ?? id) === id) ??
  suffixed(slugs[0]!, createHash('sha256').update(id).digest('hex').slice(0, 16));

const COLUMNS =
  'id uuid, slug text, base text, text text, keys text[], year smallint, namesakes jsonb, given jsonb, ' +
  'origin text';
const recordOf = ({ facts }: Kind) =>
  [COLUMNS, ...Object.entries(facts).map(([name, type]) => `${name} ${type}`)].join(', ');

/** What a trigger sets when the text comes, it sets at once: a row that is written once costs PostgreSQL least. */
async function update(tx: EntityManager, kind: Kind, rows: Row[]): Promise<void> {
  if (rows.length === 0) return;
  const { table, base, text, year, facts } = kind;
  const told = Object.keys(facts).map((name) => `${name} = COALESCE(row.${name}, own.${name})`);
  await sql(
    tx,
    `UPDATE ${table} AS own SET slug = row.slug, ${base} = row.base, ${text} = row.text, keys = row.keys,
       ${year} = COALESCE(row.year, own.${year}), namesakes = row.namesakes, known = true, has_text = true,
       given = row.given, facts_origin = row.origin,
       ${told.join(', ')}, updated_at = now()
     FROM jsonb_to_recordset($1::jsonb) AS row (${recordOf(kind)}) WHERE own.id = row.id`,
    [JSON.stringify(rows)],
  );
}

async function insert(tx: EntityManager, kind: Kind, rows: Row[]): Promise<void> {
  if (rows.length === 0) return;
  const { table, base, text, year, facts } = kind;
  const names = Object.keys(facts).join(', ');
  await sql(
    tx,
    `INSERT INTO ${table} (id, slug, ${base}, ${text}, keys, ${year}, namesakes, given, facts_origin,
       known, has_text, ${names})
     SELECT id, slug, base, text, keys, year, namesakes, given, origin, true, true, ${names}
     FROM jsonb_to_recordset($1::jsonb) AS row (${recordOf(kind)}) ORDER BY slug`,
    [JSON.stringify(rows)],
  );
}

/** Ids that were asked for, where none is known, and when it was written of last. An id of another row stays there. */
async function saveIds(tx: EntityManager, { table }: Kind, results: Result[], places: Place[]): Promise<void> {
  const rows = results.flatMap((result, n) => {
    const externalIds = idsOf(result);
    const { id, writes, edited } = places[n]!;
    if (edited.includes('external_ids')) return [{ id }];
    const isThere = writes && Object.values(externalIds).every((known) => known == null);
    return isThere ? [] : [{ id, ...externalIds }];
  });
  if (rows.length === 0) return;
  const free = (column: string, id: string) =>
    `COALESCE(own.${column}, CASE WHEN NOT EXISTS (SELECT 1 FROM ${table} WHERE ${column} = ${id}) THEN ${id} END)`;
  await sql(
    tx,
    `UPDATE ${table} AS own SET updated_at = now(), imdb_id = ${free('imdb_id', 'row.imdb')},
       tmdb_id = ${free('tmdb_id', 'row.tmdb')}
     FROM jsonb_to_recordset($1::jsonb) AS row (id uuid, imdb text, tmdb integer) WHERE own.id = row.id`,
    [JSON.stringify(rows)],
  );
}

interface Kept {
  places: Place[];
  plans: (Plan | null)[];
  found: (Candidate | null)[];
}

/** What it is also called, what it was called before, and the slugs that it had or was asked for by. */
async function saveNames(
  tx: EntityManager,
  kind: Kind,
  results: Result[],
  { places, plans, found }: Kept,
): Promise<void> {
  const { table, names, slugs, base, text, owner, firstYear } = kind;
  const called = results.flatMap((result, n) => {
    const { id, writes, edited } = places[n]!;
    const { asked, localized } = result;
    const others = writes ? othersOf(toldBy(result)!, edited) : [];
    const before = writes && found[n]?.known ? [{ text: found[n].text, keys: found[n].keys, source: 'FORMER' }] : [];
    const local = localized ? [{ ...localized, source: 'LOCAL' }] : [];
    const all = [...others, ...before, ...(asked.name ? [{ ...asked.name, source: 'ASKED' }] : []), ...local];
    const own = writes && !edited.includes('name') ? toldBy(result)!.name.text : found[n]!.text;
    return all.filter((name) => name.text !== own).map((name) => ({ owner: id, base: baseOf(name.text), ...name }));
  });
  const single = new Map(called.toReversed().map((name) => [`${name.owner} ${name.text}`, name]));
  const call = `INSERT INTO ${names} (${owner}, ${text}, ${base}, keys, source)
     SELECT owner, row.text, row.base, row.keys, source
     FROM jsonb_to_recordset($1::jsonb) AS row (owner uuid, text text, base text, keys text[], source text)
     ON CONFLICT (${owner}, ${text}) DO UPDATE SET source = EXCLUDED.source
       WHERE ${names}.source IN ('ASKED', 'LOCAL') AND EXCLUDED.source NOT IN ('LOCAL', ${names}.source)`;
  const other = results.flatMap(({ asked }, n) => {
    const { id, slug } = places[n]!;
    const isExact = asked.isOne || asked.name === null || partsOf(asked.slug, firstYear).year !== null;
    const former = found[n]?.slug;
    const plan = plans[n];
    const plain = plan && plan.slugs[0] !== plan.plain ? [plan.plain] : [];
    const kept = [...(isExact ? [asked.slug] : []), ...(former ? [former] : []), ...plain];
    return kept.filter((one) => one !== slug).map((one) => ({ owner: id, slug: one }));
  });
  const address = `INSERT INTO ${slugs} (slug, ${owner}) SELECT DISTINCT ON (row.slug) row.slug, owner
     FROM jsonb_to_recordset($1::jsonb) AS row (owner uuid, slug text)
     WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE ${table}.slug = row.slug) ORDER BY row.slug
     ON CONFLICT (slug) DO NOTHING`;
  await together([
    single.size > 0 && sql(tx, call, [JSON.stringify([...single.values()])]),
    other.length > 0 && sql(tx, address, [JSON.stringify(other)]),
  ]);
}
