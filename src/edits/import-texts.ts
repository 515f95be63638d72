import { setImmediate } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { unpin } from '../catalog/store.js';
import { sql } from '../database/sql.js';
import type { Kind } from '../domain/kinds.js';
import { type FieldError, unprocessable } from '../http/problem.js';
import { CURRENT_FIRST } from '../domain/text.dto.js';
import type { ContextTag, Locale } from '../domain/vocabulary.js';
import type { Own } from './import-rows.js';

interface OwnText {
  id: string;
  owner: string;
  locale: Locale;
  context_tag: ContextTag;
  text: string;
}

/** A text that was stored. */
export interface StoredText {
  owner: string;
  locale: string;
  context_tag: string;
  version: number;
}

/**
 * Stores each text as the next version of its language and manner, unless it is the one that is served already. It is
 * pinned, as every text that somebody wrote.
 * @throws ProblemException 422 when two items bring different texts of one variant
 */
export async function saveOwnTexts(
  tx: EntityManager,
  kind: Kind,
  items: Own[],
  places: { id: string }[],
): Promise<StoredText[]> {
  const { table, texts, owner } = kind;
  const rows = single(items, places);
  if (rows.length === 0) return [];
  // Versions of one row are numbered one after the other. In one order, so that no two wait for each other.
  const owners = [...new Set(rows.map((row) => row.owner))];
  await sql(tx, `SELECT 1 FROM ${table} WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`, [owners]);
  const record = `jsonb_to_recordset($1::jsonb)
    AS row (id uuid, owner uuid, locale text, context_tag text, text text)`;
  const ofVariant = `FROM ${texts} AS known WHERE known.${owner} = row.owner AND known.locale = row.locale
    AND known.context_tag = row.context_tag`;
  const found = await sql<{ id: string }>(
    tx,
    `SELECT row.id FROM ${record}
     WHERE row.text IS DISTINCT FROM (SELECT known.text ${ofVariant} ORDER BY ${CURRENT_FIRST} LIMIT 1)`,
    [JSON.stringify(rows)],
  );
  const fresh = new Set(found.map(({ id }) => id));
  const news = rows.filter(({ id }) => fresh.has(id));
  if (news.length === 0) return [];
  await unpin(tx, kind, news);
  return sql<StoredText>(
    tx,
    `INSERT INTO ${texts} (id, ${owner}, locale, context_tag, version, text, origin, pinned)
     SELECT row.id, row.owner, row.locale, row.context_tag,
       COALESCE((SELECT max(version) ${ofVariant}), 0) + 1, row.text, 'HUMAN', true FROM ${record}
     RETURNING ${owner} AS owner, locale, context_tag, version`,
    [JSON.stringify(news)],
  );
}

/** One text for each variant. */
function single(items: Own[], places: { id: string }[]): OwnText[] {
  const rows = new Map<string, OwnText>();
  const errors: FieldError[] = [];
  for (const [n, { at, texts }] of items.entries())
    for (const [place, { locale, context_tag, text }] of texts.entries()) {
      const variant = `${places[n]!.id} ${locale} ${context_tag}`;
      const known = rows.get(variant);
      if (known && known.text !== text)
        errors.push({ pointer: `${at}/texts/${place}/text`, detail: 'is the second one of its language and manner' });
      rows.set(variant, { id: uuidv7(), owner: places[n]!.id, locale, context_tag, text });
    }
  if (errors.length > 0) throw unprocessable(errors);
  return [...rows.values()];
}

/** Texts are cleaned for so long at a time, milliseconds: others are answered in between. */
const AT_A_TIME_MS = 20;

/**
 * The items with their texts as they are stored: without markup and control characters.
 * @throws ProblemException 422 where nothing is left of a text
 */
export async function withCleanTexts(items: Own[]): Promise<Own[]> {
  // Loaded when it is needed: a server that only answers needs none of it.
  const { cleanedText } = await import('../generation/cleaned.js');
  const errors: FieldError[] = [];
  const clean: Own[] = [];
  let since = performance.now();
  for (const item of items) {
    const texts = item.texts.map((one) => ({ ...one, text: cleanedText(one.text, [item.name.text]) }));
    clean.push({ ...item, texts });
    for (const [n, { text }] of texts.entries())
      if (text === '') errors.push({ pointer: `${item.at}/texts/${n}/text`, detail: 'must contain more than markup' });
    if (performance.now() - since < AT_A_TIME_MS) continue;
    await setImmediate();
    since = performance.now();
  }
  if (errors.length > 0) throw unprocessable(errors);
  return clean;
}
