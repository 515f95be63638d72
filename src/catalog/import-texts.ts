import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { sql } from '../database/sql.js';
import type { Kind } from '../domain/kinds.js';
import { type FieldError, unprocessable } from '../http/problem.js';
import { CURRENT_FIRST } from '../domain/text.dto.js';
import type { Own } from './import-rows.js';

interface OwnText {
  id: string;
  owner: string;
  locale: string;
  context_tag: string;
  text: string;
}

/**
 * Stores each text as the next version of its language and manner, unless it is the one that is served already.
 * @returns the owner of each text that was stored
 * @throws ProblemException 422 when two items bring different texts of one variant
 */
export async function saveOwnTexts(
  tx: EntityManager,
  { table, texts, owner }: Kind,
  items: Own[],
  places: { id: string }[],
): Promise<string[]> {
  const rows = single(items, places);
  if (rows.length === 0) return [];
  // Versions of one row are numbered one after the other. In one order, so that no two wait for each other.
  const owners = [...new Set(rows.map((row) => row.owner))];
  await sql(tx, `SELECT 1 FROM ${table} WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`, [owners]);
  const ofVariant = `FROM ${texts} AS known WHERE known.${owner} = row.owner AND known.locale = row.locale
    AND known.context_tag = row.context_tag`;
  const saved = await sql<{ owner: string }>(
    tx,
    `INSERT INTO ${texts} (id, ${owner}, locale, context_tag, version, text, origin)
     SELECT row.id, row.owner, row.locale, row.context_tag,
       COALESCE((SELECT max(version) ${ofVariant}), 0) + 1, row.text, 'HUMAN'
     FROM jsonb_to_recordset($1::jsonb) AS row (id uuid, owner uuid, locale text, context_tag text, text text)
     WHERE row.text IS DISTINCT FROM (SELECT known.text ${ofVariant} ORDER BY ${CURRENT_FIRST} LIMIT 1)
     RETURNING ${owner} AS owner`,
    [JSON.stringify(rows)],
  );
  return saved.map((row) => row.owner);
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
