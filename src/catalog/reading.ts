import { kindOfTexts, type Texts } from '../domain/kinds.js';
import { type Session, sql } from '../database/sql.js';
import {
  CONTEXT_TAGS,
  type ContextTag,
  DEFAULT_CONTEXT,
  DEFAULT_LOCALE,
  type Locale,
  LOCALE_TAGS,
} from '../domain/vocabulary.js';
import type { PageQuery, TextDto, VariantQuery, VersionPageDto, VersionsQuery } from './reading.dto.js';

/** A row of movie_descriptions or person_bios. */
export interface TextRow {
  id: string;
  locale: Locale;
  context_tag: ContextTag;
  version: number;
  text: string;
  origin: string;
  ai_model: string;
  created_at: Date;
}

/** The newest version of a text in one locale and manner. */
export interface Variant extends TextRow {
  /** When its first version was written. */
  first_at: Date;
}

const COLUMNS = 'id, locale, context_tag, version, text, origin, ai_model, created_at';

/** The newest version of each locale and manner: one look into an index for each, however many versions there are. */
export function newestTexts(db: Session, table: Texts, owner: string): Promise<Variant[]> {
  const of = `${kindOfTexts(table).owner} = $1 AND locale = tongue AND context_tag = manner`;
  return sql<Variant>(
    db,
    `SELECT newest.*, first_at FROM unnest($2::text[]) AS tongue, unnest($3::text[]) AS manner CROSS JOIN LATERAL (
       SELECT ${COLUMNS} FROM ${table} WHERE ${of} ORDER BY version DESC LIMIT 1) AS newest
     CROSS JOIN LATERAL (SELECT created_at AS first_at FROM ${table} WHERE ${of} ORDER BY version LIMIT 1) AS oldest
     ORDER BY locale, context_tag`,
    [owner, LOCALE_TAGS, CONTEXT_TAGS],
  );
}

/** Every version, the newest first. */
export async function versionsOf(
  db: Session,
  table: Texts,
  { id, slug }: { id: string; slug: string },
  query: VersionsQuery,
): Promise<VersionPageDto> {
  const where = `${kindOfTexts(table).owner} = $1 AND ($2::text IS NULL OR locale = $2)
    AND ($3::text IS NULL OR context_tag = $3)`;
  const values = [id, query.locale ?? null, query.context_tag ?? null];
  const [counted] = await sql<{ total: string }>(db, `SELECT count(*) AS total FROM ${table} WHERE ${where}`, values);
  const total = Number(counted!.total);
  const skipped = (query.page - 1) * query.per_page;
  const newest = `SELECT ${COLUMNS} FROM ${table} WHERE ${where} ORDER BY created_at DESC, version DESC, id
    LIMIT $4 OFFSET $5`;
  const rows = skipped < total ? await sql<TextRow>(db, newest, [...values, query.per_page, skipped]) : [];
  return { slug, ...page(query, total, rows.map(textDto)) };
}

/**
 * The text to serve. First choice is the text as requested, then that of en-US and DEFAULT (source: the contract). Then
 * follow one in the requested language, and the oldest. The text names its locale and context tag.
 */
export function choose(texts: Variant[], asked: VariantQuery): TextRow | null {
  const { locale = DEFAULT_LOCALE, context_tag = DEFAULT_CONTEXT } = asked;
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

export const textDto = ({
  id,
  locale,
  context_tag,
  text,
  version,
  origin,
  ai_model,
  created_at,
}: TextRow): TextDto => ({
  id,
  locale,
  context_tag,
  text,
  version,
  origin,
  ai_model,
  created_at: created_at.toISOString(),
});

/** A page of results, in the form of the API. */
export function page<T>({ page, per_page }: PageQuery, total_results: number, results: T[]) {
  return { page, per_page, total_pages: Math.ceil(total_results / per_page), total_results, results };
}
