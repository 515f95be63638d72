import { type ContextTag, DEFAULT_CONTEXT, DEFAULT_LOCALE, type Locale } from '../jobs/vocabulary.js';
import type { PageQuery, TextDto, VariantQuery } from './movies.dto.js';

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

/** The newest version of each locale and manner of `$1`. */
export const newestTexts = (table: 'movie_descriptions' | 'person_bios', owner: 'movie_id' | 'person_id') =>
  `SELECT DISTINCT ON (locale, context_tag) id, locale, context_tag, version, text, origin, ai_model, created_at
   FROM ${table} WHERE ${owner} = $1 ORDER BY locale, context_tag, version DESC`;

/** The text to serve: as asked, else the same language in the default manner, else the default of both, else any. The text says which it is. */
export function choose(
  texts: TextRow[],
  { locale = DEFAULT_LOCALE, context_tag = DEFAULT_CONTEXT }: VariantQuery,
): TextRow | null {
  const has = (wanted: Locale, tag: ContextTag) =>
    texts.find((text) => text.locale === wanted && text.context_tag === tag);
  return (
    has(locale, context_tag) ?? has(locale, DEFAULT_CONTEXT) ?? has(DEFAULT_LOCALE, DEFAULT_CONTEXT) ?? texts[0] ?? null
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

/** A page of results as the API answers it. */
export function page<T>({ page, per_page }: PageQuery, total_results: number, results: T[]) {
  return { page, per_page, total_pages: Math.ceil(total_results / per_page), total_results, results };
}

/** A text to be found anywhere in a column, with LIKE's own signs taken literally. */
export const containing = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`;
