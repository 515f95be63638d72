import type { EntityManager } from 'typeorm';
import { sql } from '../database/sql.js';
import type { Kind } from '../domain/kinds.js';
import { DEFAULT_LOCALE, type Locale } from '../domain/vocabulary.js';
import type { Result } from './told.js';

/**
 * Keeps what films are called in the languages of the texts; the last that was told holds. The one before it finds the
 * film no more, unless it is its title in another language.
 */
export async function saveLocalTitles(
  tx: EntityManager,
  { local, names, owner, text }: Kind,
  results: Result[],
  idOf: (result: Result, n: number) => string,
): Promise<void> {
  const told = results.flatMap((result, n) =>
    result.localized === null
      ? []
      : [{ owner: idOf(result, n), locale: result.job.locale, text: result.localized.text }],
  );
  if (local === null || told.length === 0) return;
  await sql(
    tx,
    `WITH told AS (SELECT DISTINCT ON (row.owner, row.locale) owner, locale, row.text
       FROM jsonb_to_recordset($1::jsonb) AS row (owner uuid, locale text, text text) ORDER BY row.owner, row.locale),
     forgotten AS (DELETE FROM ${names} AS name USING told JOIN ${local} AS before
         ON before.${owner} = told.owner AND before.locale = told.locale AND before.${text} <> told.text
       WHERE name.${owner} = told.owner AND name.${text} = before.${text} AND name.source = 'LOCAL'
         AND NOT EXISTS (SELECT 1 FROM ${local} AS other WHERE other.${owner} = told.owner
           AND other.locale <> told.locale AND other.${text} = before.${text}))
     INSERT INTO ${local} (${owner}, locale, ${text}) SELECT owner, locale, text FROM told
     ON CONFLICT (${owner}, locale) DO UPDATE SET ${text} = EXCLUDED.${text}`,
    [JSON.stringify(told)],
  );
}

/** In SQL, of a row of the kind: its titles by locale, `NULL` where it has none. */
export const localTitles = ({ table, local, owner, text }: Kind): string =>
  `(SELECT jsonb_object_agg(locale, own.${text}) FROM ${local} AS own WHERE own.${owner} = ${table}.id)`;

/** The one of a locale. */
export const localTitle = (titles: Partial<Record<Locale, string>> | null, locale: Locale = DEFAULT_LOCALE) =>
  titles?.[locale] ?? null;
