import { type Kind, kindOfTexts, type Texts } from '../domain/kinds.js';
import { type Session, sql } from '../database/sql.js';
import { CURRENT_FIRST, TEXT_COLUMNS, type TextDto, textDto, type TextRow } from '../domain/text.dto.js';
import { type ContextTag, DEFAULT_CONTEXT, DEFAULT_LOCALE, type Locale } from '../domain/vocabulary.js';
import {
  contextOf,
  refuseUnknownTone,
  type PageQuery,
  type VariantQuery,
  type VersionPageDto,
  type VersionsQuery,
} from './reading.dto.js';

/** The version of a text in one locale and manner that is served: what somebody chose, else the newest. */
export interface Variant extends TextRow {
  /** When its first version was written. */
  first_at: Date;
}

/**
 * Each locale and manner that texts of one owner are in, by a look into an index for each: it leaps over the versions.
 * @param of the texts of this owner, as FROM and WHERE
 */
const variantsIn = (of: string) => `WITH RECURSIVE variant (tongue, manner) AS (
    (SELECT locale, context_tag ${of} ORDER BY locale, context_tag LIMIT 1)
    UNION ALL SELECT further.* FROM variant CROSS JOIN LATERAL (SELECT locale, context_tag ${of}
      AND (locale, context_tag) > (tongue, manner) ORDER BY locale, context_tag LIMIT 1) AS further)`;

/** The current version of each locale and manner, however many versions there are. */
export function currentTexts(db: Session, table: Texts, owner: string): Promise<Variant[]> {
  const own = `${kindOfTexts(table).owner} = $1`;
  const of = `${own} AND locale = tongue AND context_tag = manner`;
  return sql<Variant>(
    db,
    `${variantsIn(`FROM ${table} WHERE ${own}`)}
     SELECT served.*, first_at FROM variant CROSS JOIN LATERAL (
       SELECT ${TEXT_COLUMNS} FROM ${table} WHERE ${of} ORDER BY ${CURRENT_FIRST} LIMIT 1) AS served
     CROSS JOIN LATERAL (SELECT created_at AS first_at FROM ${table} WHERE ${of} ORDER BY version LIMIT 1) AS oldest
     ORDER BY locale, context_tag`,
    [owner],
  );
}

/** Every version, the newest first. */
export async function versionsOf(
  db: Session,
  table: Texts,
  { id, slug }: { id: string; slug: string },
  query: VersionsQuery,
): Promise<VersionPageDto> {
  const { owner } = kindOfTexts(table);
  const where = `${owner} = $1 AND ($2::text IS NULL OR locale = $2)
    AND ($3::text IS NULL OR context_tag = $3)`;
  const values = [id, query.locale ?? null, contextOf(query) ?? null];
  const [counted] = await sql<{ total: string }>(db, `SELECT count(*) AS total FROM ${table} WHERE ${where}`, values);
  const total = Number(counted!.total);
  if (total === 0) refuseUnknownTone(query);
  const skipped = (query.page - 1) * query.per_page;
  const isCurrent = `id = (SELECT id FROM ${table} AS served WHERE served.${owner} = $1 AND served.locale = one.locale
    AND served.context_tag = one.context_tag ORDER BY ${CURRENT_FIRST} LIMIT 1) AS current`;
  const newest = `SELECT ${TEXT_COLUMNS}, ${isCurrent} FROM ${table} AS one WHERE ${where}
    ORDER BY created_at DESC, version DESC, id LIMIT $4 OFFSET $5`;
  const asked = [...values, query.per_page, skipped];
  const rows = skipped < total ? await sql<TextRow & { current: boolean }>(db, newest, asked) : [];
  const shown = rows.map(({ current, ...row }) => ({ ...textDto(row), current }));
  return { slug, ...page(query, total, shown) };
}

/**
 * The text to serve. First choice is the text as requested, then that of en-US and DEFAULT (source: the contract). Then
 * follow one in the requested language, and the oldest. The text names its locale and context tag.
 */
export function choose(texts: Variant[], asked: VariantQuery): TextRow | null {
  const { locale = DEFAULT_LOCALE } = asked;
  const context_tag = contextOf(asked) ?? DEFAULT_CONTEXT;
  if (!texts.some((text) => text.context_tag === context_tag)) refuseUnknownTone(asked);
  const oldestFirst = texts.toSorted((a, b) => a.first_at.getTime() - b.first_at.getTime());
  const has = (wanted: Locale, tag: ContextTag) =>
    texts.find((text) => text.locale === wanted && text.context_tag === tag);
  return (
    has(locale, context_tag) ??
    has(DEFAULT_LOCALE, DEFAULT_CONTEXT) ??
    has(locale, DEFAULT_CONTEXT) ??
    oldestFirst.find((text) => text.locale === asked.locale) ??
    oldestFirst[0] ??
    null
  );
}

/**
 * {@link choose} in SQL, for each row of a page: the text as JSON. A test holds that both choose the same.
 * @param locale the place of the locale that was asked for, or of `NULL`; `manner` likewise
 */
export function chosenText({ table, texts, owner }: Kind, locale: string, manner: string): string {
  const of = (tongue: string, tag: string) =>
    `FROM ${texts} WHERE ${owner} = ${table}.id AND locale = ${tongue} AND context_tag = ${tag}`;
  const served = (tongue: string, tag: string) =>
    `(SELECT ${TEXT_COLUMNS} ${of(tongue, tag)} ORDER BY ${CURRENT_FIRST} LIMIT 1)`;
  const current = (tongue: string, tag: string) => `(SELECT to_jsonb(one) FROM ${served(tongue, tag)} AS one)`;
  const [usual, neutral] = [`'${DEFAULT_LOCALE}'`, `'${DEFAULT_CONTEXT}'`];
  const asked = `COALESCE(${locale}::text, ${usual})`;
  const other = `(${variantsIn(`FROM ${texts} WHERE ${owner} = ${table}.id`)} SELECT to_jsonb(served) FROM variant
    CROSS JOIN LATERAL ${served('tongue', 'variant.manner')} AS served
    CROSS JOIN LATERAL (SELECT created_at AS first_at ${of('tongue', 'variant.manner')}
      ORDER BY version LIMIT 1) AS oldest
    ORDER BY (tongue = ${locale}::text) IS TRUE DESC, date_trunc('milliseconds', first_at), tongue, variant.manner
    LIMIT 1)`;
  return `CASE WHEN has_text THEN COALESCE(${current(asked, `COALESCE(${manner}::text, ${neutral})`)},
    ${current(usual, neutral)}, ${current(asked, neutral)}, ${other}) END`;
}

/** The languages of its texts in SQL, for each row of a page. */
export const localesOf = ({ table, texts, owner }: Kind): string =>
  `ARRAY(${variantsIn(`FROM ${texts} WHERE ${owner} = ${table}.id`)}
    SELECT DISTINCT tongue FROM variant ORDER BY tongue)`;

/** Such a text, as it is answered. */
export const chosenDto = (chosen: ChosenText | null): TextDto | null =>
  chosen && textDto({ ...chosen, created_at: new Date(chosen.created_at) });

/** A time in JSON is text. */
export type ChosenText = Omit<TextRow, 'created_at'> & { created_at: string };

/** A page of results, in the form of the API. */
export function page<T>({ page, per_page }: PageQuery, total_results: number, results: T[]) {
  return { page, per_page, total_pages: Math.ceil(total_results / per_page), total_results, results };
}
