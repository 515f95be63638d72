import type { Kind } from '../domain/kinds.js';
import { CONTEXT_TAGS, type ContextTag, type Locale, LOCALE_TAGS } from '../domain/vocabulary.js';
import { unprocessable } from '../http/problem.js';
import type { CatalogQuery } from './listing.dto.js';
import { contextOf } from './reading.dto.js';
import { chosenText, localesOf } from './reading.js';
import type { List } from './search.js';

/** Puts a value into a statement. @returns its place, as in `$1` */
export type Put = (value: unknown) => string;

/** What a list is of, besides what its query says for films and people alike. */
interface Listed {
  columns: string;
  year: number | undefined;
  /** Whether the texts are wanted too. */
  withTexts: boolean;
  /** Filters of its own. */
  filters: (put: Put) => string[];
}

/**
 * The rows that a list asks for. A filter that is not given is no part of the condition: behind an OR no index would be
 * used.
 * @param given ids that it is limited to, in the order in which they are shown
 */
export function listOf(kind: Kind, query: CatalogQuery, listed: Listed, given?: string[]): List {
  const values: unknown[] = [];
  const put: Put = (value) => `$${values.push(value)}`;
  const where = [...usualFilters(kind, query, listed, put), ...listed.filters(put)];
  const ids = given && put(given);
  if (ids) where.push(`${kind.table}.id = ANY(${ids}::uuid[])`);
  const shown: unknown[] = [];
  const show: Put = (value) => `$${values.length + shown.push(value)}`;
  const text = listed.withTexts
    ? `, ${chosenText(kind, show(query.locale ?? null), show(contextOf(query) ?? null))} AS chosen,
      ${localesOf(kind)} AS locales`
    : '';
  return {
    table: kind.table,
    columns: listed.columns + text,
    where: where.join(' AND '),
    values,
    shown,
    sort: query.sort,
    given: query.sort ? undefined : ids,
  };
}

function usualFilters(kind: Kind, query: CatalogQuery, { year, withTexts }: Listed, put: Put): string[] {
  const { year: column } = kind;
  const { year_from, year_to, updated_since, ids, slugs } = query;
  const isNamed = ids !== undefined || slugs !== undefined;
  const has_text = query.has_text ?? (isNamed ? undefined : true);
  return [
    'NOT hidden',
    ...(has_text === undefined ? [] : [`has_text = ${put(has_text)}`]),
    ...(year === undefined ? [] : [`${column} = ${put(year)}`]),
    ...(year_from === undefined ? [] : [`${column} >= ${put(year_from)}`]),
    ...(year_to === undefined ? [] : [`${column} <= ${put(year_to)}`]),
    ...(updated_since === undefined ? [] : [`updated_at >= ${put(updated_since)}`]),
    ...(withTexts ? [] : ofVariant(kind, query, put)),
    ...without(kind, query, put),
  ];
}

/** Without the texts their language and manner are filters; with them they say which one is served. */
function ofVariant({ table, texts, owner }: Kind, query: CatalogQuery, put: Put): string[] {
  const { locale } = query;
  const manner = contextOf(query);
  const wanted = [
    ...(locale === undefined ? [] : [`locale = ${put(locale)}`]),
    ...(manner === undefined ? [] : [`context_tag = ${put(manner)}`]),
  ];
  return wanted.length === 0 ? [] : [`${table}.id IN (SELECT ${owner} FROM ${texts} WHERE ${wanted.join(' AND ')})`];
}

/**
 * What lacks a text in one language and manner, as in `de-DE/humorous`.
 * @throws ProblemException 422 when there is no such language or manner
 */
function without({ table, texts, owner }: Kind, { missing }: CatalogQuery, put: Put): string[] {
  if (missing === undefined) return [];
  const [locale, manner] = missing.split('/') as [Locale, ContextTag];
  if (!LOCALE_TAGS.includes(locale)) throw unknown(LOCALE_TAGS);
  if (!CONTEXT_TAGS.includes(manner)) throw unknown(CONTEXT_TAGS);
  return [
    `NOT EXISTS (SELECT 1 FROM ${texts} AS lacked WHERE lacked.${owner} = ${table}.id
       AND lacked.locale = ${put(locale)} AND lacked.context_tag = ${put(manner)})`,
  ];
}

const unknown = (words: readonly string[]) =>
  unprocessable([{ pointer: '/missing', detail: `must name one of ${words.join(', ')}` }]);
