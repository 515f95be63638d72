import { type Kind, kindOfTable, type Table } from '../domain/kinds.js';
import type { Suggested } from '../domain/suggestion.js';
import { type Session, sql } from '../database/sql.js';
import { baseOf, isLatin, wordsOf } from '../domain/slug.js';
import { MOST_NAMED, type Sort } from './listing.dto.js';
import type { PageQuery } from './reading.dto.js';

/** Which rows a list shows; `where` uses `$1` … for `values`. */
export interface List {
  table: Table;
  columns: string;
  where: string;
  values: unknown[];
  /** Values of the columns, which follow those of the condition. */
  shown?: unknown[];
  sort?: Sort;
  /** Place of the ids in whose order it is shown; else by `sort`, else the last change first. */
  given?: string;
}

/** The longest slug without its year. */
const MAX_WORDS = 240;
/** Least similarity of a match. Short texts need more, because they resemble many others. Found by trying typos. */
const LEAST_LIKE = { long: 0.4, short: 0.6 };
const SHORT = 4;
/**
 * Matches far worse than the best one are left out: a search with the right spelling shows no merely similar titles.
 */
const NEAR_BEST = 0.7;
/** Characters of a trigram: a LIKE of fewer cannot use the index and would read the whole table. */
const TRIGRAM = 3;

/** A page of a list, last written first. */
export async function listed<Row>(db: Session, list: List, page: PageQuery) {
  const [all, shown] = [countStatement(list), pageStatement(list, page)];
  const [counted] = await sql<{ total: string }>(db, all.text, all.values);
  const total = Number(counted!.total);
  if ((page.page - 1) * page.per_page >= total) return { total, rows: [] };
  return { total, rows: await sql<Row>(db, shown.text, shown.values) };
}

export const countStatement = ({ table, where, values }: List) => ({
  values,
  text: `SELECT count(*) AS total FROM ${table} WHERE ${where}`,
});

/** The statement of a page. The inner SELECT keeps it from reading the columns of skipped rows. */
export function pageStatement(list: List, { page, per_page }: PageQuery) {
  const { table, columns, where, shown = [] } = list;
  const values = [...list.values, ...shown];
  const [limit, offset] = [1, 2].map((n) => `$${values.length + n}`);
  const { by, way } = orderOf(list);
  return {
    values: [...values, per_page, (page - 1) * per_page],
    text: `SELECT ${columns} FROM (SELECT id AS hit, ${by} AS place FROM ${table} WHERE ${where}
       ORDER BY ${by} ${way}, id LIMIT ${limit} OFFSET ${offset}) AS hits
     JOIN ${table} ON ${table}.id = hit ORDER BY place ${way}, hit`,
  };
}

/** What a list is ordered by, and which way. Titles by the words of their slugs: accents and case do not count. */
function orderOf({ table, sort, given }: List): { by: string; way: string } {
  const { base, year } = kindOfTable(table);
  if (given) return { by: `array_position(${given}::uuid[], id)`, way: 'ASC' };
  if (sort === 'title') return { by: base, way: 'ASC' };
  return sort === 'year' ? { by: year, way: 'DESC NULLS LAST' } : { by: 'updated_at', way: 'DESC' };
}

/** All of a list that is limited to a few ids, by one statement. */
export async function listedAsGiven<Row>(db: Session, list: List) {
  const { text, values } = pageStatement(list, { page: 1, per_page: MOST_NAMED });
  return { rows: await sql<Row>(db, text, values) };
}

/**
 * A page of search results, the best match first. @param db a transaction, because the threshold is set for it alone
 */
export async function searched<Row>(db: Session, list: List, q: string, page: PageQuery) {
  const { text, values, leastLike } = searchStatement(list, q, page);
  await sql(db, `SELECT set_config('pg_trgm.word_similarity_threshold', $1, true)`, [String(leastLike)]);
  const rows = await sql<Row & { total: string; place: string | null }>(db, text, values);
  return { total: Number(rows[0]!.total), rows: rows.filter(({ place }) => place !== null) as Row[] };
}

/**
 * What is compared, of every name: words in Latin letters (trigrams), the text as it is written; newer comes first
 * among equals.
 * @returns the statement, and the similarity from which its `<%` is true. It always answers a row, for the total.
 */
export function searchStatement(list: List, q: string, { page, per_page }: PageQuery) {
  const { table, columns, where, shown = [], sort } = list;
  const values = [...list.values, ...shown];
  const { base, text, year, names, owner } = kindOfTable(table);
  const { fuzzy, pattern, literal, leastLike } = termsOf(q);
  const [like, contains, written, limit, offset] = [1, 2, 3, 4, 5].map((n) => `$${values.length + n}`);
  const asWritten = `strpos(${text}, ${written}) > 0`;
  const scored = `similarity(${like}, ${base}) AS likeness, GREATEST(word_similarity(${like}, ${base}),
    CASE WHEN ${asWritten} THEN 1 WHEN ${base} LIKE ${contains} THEN 0.6 END) AS score`;
  const alike = `(${like} <% ${base} OR ${base} LIKE ${contains}
    OR (letters_beyond_ascii(${text}) @> letters_beyond_ascii(${written}) AND ${asWritten}))`;
  const { by, way } = orderOf({ ...list, given: undefined });
  const first = sort ? `sorted ${way}, ` : '';
  return {
    leastLike,
    values: [...values, fuzzy, pattern, literal, per_page, (page - 1) * per_page],
    text: `WITH alike AS MATERIALIZED (
  SELECT id AS hit, ${scored}, ${year} AS year, ${by} AS sorted FROM ${table} WHERE ${alike} AND ${where}
  UNION ALL SELECT hit, likeness, score, ${year}, ${by}
    FROM (SELECT ${owner} AS hit, ${scored} FROM ${names} WHERE ${alike}) AS named JOIN ${table} ON ${table}.id = hit
    WHERE ${where}
), candidates AS MATERIALIZED (
  SELECT hit, max(score) AS score, max(likeness) AS likeness, max(year) AS year, max(sorted) AS sorted
  FROM alike GROUP BY hit
), hits AS MATERIALIZED (
  SELECT *, row_number() OVER (
    ORDER BY ${first}score DESC, likeness DESC NULLS LAST, year DESC NULLS LAST, hit) AS place
  FROM candidates WHERE score >= ${NEAR_BEST} * (SELECT max(score) FROM candidates)
)
SELECT counted.total, shown.* FROM (SELECT count(*) AS total FROM hits) AS counted LEFT JOIN (
  SELECT place, ${columns} FROM (SELECT * FROM hits ORDER BY place LIMIT ${limit} OFFSET ${offset}) AS hits
  JOIN ${table} ON ${table}.id = hit) AS shown ON true ORDER BY place`,
  };
}

/** As many are suggested. */
const SUGGESTED = 5;

/** What is spelled like a name: the most alike first. @param db a transaction: the threshold is set for it alone */
export async function spelledLike(db: Session, { table, text, year }: Kind, words: string): Promise<Suggested[]> {
  const list = { table, columns: `slug, ${text} AS text, ${year} AS year`, where: 'NOT hidden', values: [] };
  const query = { page: 1, per_page: SUGGESTED };
  const { rows } = await searched<Suggested>(db, list, words, query);
  return rows.map(({ slug, text: name, year: known }) => ({ slug, text: name, year: known }));
}

/**
 * What to search for: rows that resemble these words or contain them. In scripts other than Latin, also rows that
 * contain the text as it is written.
 */
function termsOf(q: string) {
  const text = q.normalize('NFC').trim();
  const words = (wordsOf(text) || baseOf(text)).slice(0, MAX_WORDS);
  const literal = isLatin(text) ? null : text;
  const short = words.length < TRIGRAM;
  return {
    literal,
    // A single sign of another script is matched only as it is written: too many others share its Latin letters.
    fuzzy: short && literal ? null : words,
    pattern: short ? words : `%${words}%`,
    leastLike: words.length <= SHORT ? LEAST_LIKE.short : LEAST_LIKE.long,
  };
}
