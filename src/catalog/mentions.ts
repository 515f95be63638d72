import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { sql } from '../database/sql.js';
import { together } from '../database/transaction.js';
import { type Kind, kindOfTable, type Table } from '../domain/kinds.js';
import { baseOf, slugOf, suffixed } from '../domain/slug.js';
import type { PersonRole } from '../domain/vocabulary.js';
import { yearsAgree } from '../domain/years.js';
import { type Candidate, keysOf } from './same-row.js';
import type { Name } from './told.js';

/** Years. Nobody makes films for longer, and no work of a person lies further from the others. */
const LONGEST_LIFE = 110;
const LONGEST_PAUSE = 40;

/** A film or a person by the name and year it is known by, and what names it. */
export interface Mention extends Name {
  table: Table;
  year: number | null;
  role: PersonRole;
  /** The film whose cast, or the person whose filmography it is. */
  by: { keys: string[]; year: number | null };
}

/** The names of what is to be written. */
export interface OwnNames {
  table: Table;
  keys: string[];
}

/** One for each name of a table: who writes under it waits for who does. */
export const nameKeys = ({ table, keys }: OwnNames) => keys.map((key) => `${table}:${key}`);

/** A row that a mention may mean. */
interface Met extends Pick<Candidate, 'id' | 'year' | 'known' | 'makers'> {
  place: number;
  /** Whether what is told of it names what mentions it. */
  confirmed: boolean;
  /** Whether works are told of it, all of them far from the one that mentions it. */
  out_of_work: boolean;
}

/**
 * Locks the names of what is to be written, and of what it mentions, for the rest of the transaction.
 *
 * Existing names get a shared lock, so films with one cast do not wait for each other. New names and `own` get an
 * exclusive lock. All locks are taken at once and in one order, so no two transactions wait for each other.
 * @param next asks what is asked first of what is locked: it travels with the locks, and sees what they waited for
 */
export async function lockMentions<T>(
  tx: EntityManager,
  own: OwnNames[],
  mentions: Mention[],
  next: () => Promise<T>,
): Promise<T> {
  const before = await idsOf(tx, mentions);
  const names = [
    ...own.flatMap(nameKeys).map((key) => ({ key, alone: true })),
    ...mentions.flatMap(({ table, text }, n) =>
      nameKeys({ table, keys: [baseOf(text)] }).map((key) => ({ key, alone: before[n] === null })),
    ),
  ];
  const [, answer] = await together([lockNames(tx, names), next()]);
  return answer;
}

/** Waits for all who write under these names, and has them wait. */
export const lockAlone = (tx: EntityManager, own: OwnNames[]) =>
  lockNames(
    tx,
    own.flatMap(nameKeys).map((key) => ({ key, alone: true })),
  );

/** What is there of mentions. */
export interface LookedUp {
  /** The row of each; `null`: not there, or not surely what is meant. */
  ids: Map<Mention, string | null>;
  /** The slugs of their names that others have. */
  taken: Map<Table, Set<string>>;
}

/** Looks up the rows that are only mentioned (casts, filmographies). Their names are locked. */
export async function lookUp(tx: EntityManager, mentions: Mention[]): Promise<LookedUp> {
  const tables = [...new Set(mentions.map(({ table }) => table))];
  const [ids, taken] = await together([
    idsOf(tx, mentions),
    together(tables.map((table) => slugsLike(tx, kindOfTable(table), of(table, mentions)))),
  ]);
  return {
    ids: new Map(mentions.map((one, n) => [one, ids[n]!])),
    taken: new Map(tables.map((table, n) => [table, taken[n]!])),
  };
}

/**
 * Makes those that are not there.
 * @param mentions some or all of those that were looked up
 * @returns the ids of the mentions, in their order
 */
export async function mention(tx: EntityManager, mentions: Mention[], { ids, taken }: LookedUp): Promise<string[]> {
  const made = await ofEachTable(
    mentions.filter((one) => ids.get(one) === null),
    (table, missing) => make(tx, kindOfTable(table), missing, taken.get(table)!),
  );
  return mentions.map((one) => ids.get(one) ?? made.shift()!);
}

export async function lockNames(tx: EntityManager, names: { key: string; alone: boolean }[]): Promise<void> {
  await sql(
    tx,
    `SELECT CASE WHEN alone THEN pg_advisory_xact_lock(key) ELSE pg_advisory_xact_lock_shared(key) END FROM (
       SELECT hashtextextended(name, 0) AS key, bool_or(alone) AS alone
       FROM unnest($1::text[], $2::boolean[]) AS wanted (name, alone) GROUP BY 1 ORDER BY 1) AS sorted`,
    [names.map(({ key }) => key), names.map(({ alone }) => alone)],
  );
}

/** Asks once for each table. @returns one answer for each mention, in their order */
async function ofEachTable<T>(mentions: Mention[], ask: (table: Table, some: Mention[]) => Promise<T[]>): Promise<T[]> {
  const answers = new Map<Mention, T>();
  const ofTable = async (table: Table): Promise<void> => {
    const some = of(table, mentions);
    for (const [n, answer] of (await ask(table, some)).entries()) answers.set(some[n]!, answer);
  };
  await together([...new Set(mentions.map((one) => one.table))].map(ofTable));
  return mentions.map((one) => answers.get(one)!);
}

const of = (table: Table, mentions: Mention[]) => mentions.filter((one) => one.table === table);

/** The ids of what is mentioned; `null`: not there, or not surely what is meant. */
const idsOf = (tx: EntityManager, mentions: Mention[]) =>
  ofEachTable(mentions, async (table, some) => {
    const met = await meet(tx, kindOfTable(table), some);
    return some.map((one, place) =>
      meant(
        one,
        met.filter((row) => row.place === place),
      ),
    );
  });

/**
 * The rows of each name, with what was told of them by themselves. Who is in a thousand films costs no more than who is
 * in one. The few works that mention it are looked up, and of its own the first that is near is enough.
 */
async function meet(tx: EntityManager, kind: Kind, mentions: Mention[]): Promise<Met[]> {
  const { table, year, makers, knownAs, owner, called } = kind;
  const wanted = mentions.map((one, place) => ({
    place,
    keys: keysOf(one),
    by_keys: one.by.keys,
    by_year: one.by.year,
  }));
  const { table: credits, named, told, toldBack, names } = kind.credits!;
  const back = kindOfTable(names);
  const work = (which: string) => `EXISTS (SELECT 1 FROM ${credits} AS credit
    JOIN ${back.table} AS work ON work.id = credit.${named}
    WHERE credit.${owner} = own.id AND credit.${told} IS NOT NULL AND ${which})`;
  const isFar = `own.known AND NOT ${work(`abs(work.${back.year} - wanted.by_year) <= ${LONGEST_PAUSE}`)}
    AND ${work(`work.${back.year} IS NOT NULL`)}`;
  return sql<Met>(
    tx,
    `SELECT wanted.place, own.id, own.${year} AS year, own.known, ${makers} AS makers,
       EXISTS (SELECT 1 FROM ${credits} AS credit
         WHERE credit.${owner} = own.id AND credit.${named} = ANY(mentioning.works)
           AND (credit.${told} IS NOT NULL OR credit.${toldBack} IS NOT NULL
             AND (SELECT known FROM ${back.table} AS work WHERE work.id = credit.${named}))) AS confirmed,
       ${called === 'NAME' ? isFar : 'false'} AS out_of_work
     FROM jsonb_to_recordset($1::jsonb) AS wanted (place int, keys text[], by_keys text[], by_year int)
     CROSS JOIN LATERAL (SELECT array_agg(id) AS works FROM ${back.table}
       WHERE (keys && wanted.by_keys OR ${back.base} = ANY(wanted.by_keys))
         AND (wanted.by_year IS NULL OR ${back.year} IS NULL OR abs(${back.year} - wanted.by_year) <= 1)) AS mentioning
     CROSS JOIN LATERAL (SELECT id FROM ${knownAs} WHERE keys && wanted.keys
       UNION SELECT id FROM ${knownAs} WHERE base = ANY(wanted.keys)) AS hit
     JOIN ${table} AS own ON own.id = hit.id`,
    [JSON.stringify(wanted)],
  );
}

/**
 * Which row a mention joins: the one whose own facts confirm it, else the only one that nothing contradicts. Of two
 * candidates none is, and it stays a mention of its own.
 */
export function meant(one: Mention, rows: Met[]): string | null {
  const possible = rows.filter((row) => !contradicts(one, row)).sort((a, b) => (a.id < b.id ? -1 : 1));
  const confirmed = possible.find((row) => row.confirmed);
  if (confirmed) return confirmed.id;
  const exact = possible.filter(({ year }) => one.year !== null && year === one.year);
  const candidates = exact.length > 0 ? exact : possible;
  return candidates.length === 1 ? candidates[0]!.id : null;
}

/** Whether something says that it is another one of its name. */
function contradicts({ table, year, role, by }: Mention, row: Met): boolean {
  if (!yearsAgree(year, row.year)) return true;
  if (row.confirmed) return false;
  if (kindOfTable(table).called === 'NAME')
    return by.year !== null && (outOfLife(by.year, row.year) || row.out_of_work);
  // A film whose directors are known has no others.
  const makers = new Set(row.makers);
  return role === 'DIRECTOR' && row.known && makers.size > 0 && !by.keys.some((key) => makers.has(key));
}

const outOfLife = (work: number, born: number | null) => born !== null && (work < born || work > born + LONGEST_LIFE);

/** Makes what is mentioned, in one statement; what is named twice is made once. */
async function make(tx: EntityManager, kind: Kind, mentions: Mention[], taken: Set<string>): Promise<string[]> {
  const { table, base, text, year } = kind;
  const rows: { id: string; slug: string; base: string; text: string; keys: string[]; year: number | null }[] = [];
  const slugs = mentions.map(({ text: name, keys, year: known }) => {
    const own = baseOf(name);
    const twin = rows.find((row) => row.base === own && (known === null || row.year === null || row.year === known));
    if (twin) return twin.slug;
    const id = uuidv7();
    const plain = slugOf(name, known);
    const slug = taken.has(plain) ? suffixed(plain, id.replaceAll('-', '').slice(-HASH)) : plain;
    rows.push({ id, slug, base: own, text: name, keys, year: known });
    return slug;
  });
  const made = await sql<{ id: string; slug: string }>(
    tx,
    `INSERT INTO ${table} (id, slug, ${base}, ${text}, keys, ${year}) SELECT id, slug, base, text, keys, year
      FROM jsonb_to_recordset($1::jsonb)
       AS made (id uuid, slug text, base text, text text, keys text[], year smallint) ORDER BY slug
      ON CONFLICT (slug) DO NOTHING RETURNING id, slug`,
    [JSON.stringify(rows)],
  );
  // The name of what was there before the lock, and was then given another year, is shared with others that make the
  // same.
  const known = `SELECT id, slug FROM ${table} WHERE slug = ANY($1::text[])`;
  const found = made.length === rows.length ? made : await sql<{ id: string; slug: string }>(tx, known, [slugs]);
  return slugs.map((slug) => found.find((row) => row.slug === slug)!.id);
}

/** Digits of what tells a mention apart from others of its name. */
const HASH = 16;

/** A slug that another one had leads to that one. */
async function slugsLike(tx: EntityManager, { table, slugs }: Kind, mentions: Mention[]): Promise<Set<string>> {
  const plain = mentions.map(({ text, year }) => slugOf(text, year));
  const taken = [table, slugs].map((one) => `SELECT slug FROM ${one} WHERE slug = ANY($1::text[])`).join(' UNION ');
  const rows = await sql<{ slug: string }>(tx, taken, [plain]);
  return new Set(rows.map(({ slug }) => slug));
}
