import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { sql } from '../database/sql.js';
import { inTransaction } from '../database/transaction.js';
import type { Kind } from '../domain/kinds.js';
import { baseOf, slugOf, suffixed } from '../domain/slug.js';
import { yearsAgree } from '../domain/years.js';
import type { ImportedListDto, ImportItemDto } from './import.dto.js';
import { busy, type FieldError, unprocessable } from '../http/problem.js';
import { importedRows, type Own } from './import-rows.js';
import { saveOwnTexts, type StoredText, withCleanTexts } from './import-texts.js';
import { type Deed, type Doer, noteDeeds } from '../audit/audit-log.js';
import { entityOf } from './edited-row.js';
import { blockedOf } from '../catalog/blocks.js';
import { lockNames, nameKeys } from '../catalog/mentions.js';
import { type Candidate, keysOf } from '../catalog/same-row.js';
import type { ExternalIds, Name } from '../catalog/told.js';

/** SQLSTATE. */
const UNIQUE_VIOLATION = '23505';
/** How often an import is tried. */
const ATTEMPTS = 3;
/** Imports that wait for their turn in a process, with the one that is taken. */
const MOST_WAITING = 10;

/** An item of a request. @param at where it stands there */
export function ownOf(at: string, item: ImportItemDto & Ids, name: Name, year: number | null): Own {
  const { slug, external_ids, texts = [] } = item;
  const { imdb, tmdb } = external_ids ?? {};
  // One that is `null` is not given.
  return { at, name, year, slug, externalIds: { ...(imdb && { imdb }), ...(tmdb && { tmdb }) }, texts };
}

interface Ids {
  external_ids?: ExternalIds;
}

/** Where an item belongs. */
interface Place {
  id: string;
  slug: string;
  isNew: boolean;
}

/** Takes films or people, ids and texts of one's own. What is there already changes nothing. */
@Injectable()
export class Imports {
  private before: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  constructor(private readonly db: DataSource) {}

  /**
   * All items or none, by one transaction.
   * @throws ProblemException 422 that names each item that cannot be taken; 503 when many wait
   */
  async take(kind: Kind, items: Own[], doer: Doer): Promise<ImportedListDto> {
    refuseSharedIds(items);
    const clean = await withCleanTexts(items);
    if (this.waiting === MOST_WAITING) throw busy();
    this.waiting++;
    const taken = this.before.then(() => this.takeRepeatedly(kind, clean, doer));
    // Those that wait hold no connection: others need them.
    this.before = taken.then(
      () => undefined,
      () => undefined,
    );
    return taken.finally(() => this.waiting--);
  }

  private async takeRepeatedly(kind: Kind, items: Own[], doer: Doer): Promise<ImportedListDto> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.takeOnce(kind, items, doer);
      } catch (error) {
        // A job stored something of that slug or id meanwhile: looked for again, it is found.
        if (attempt === ATTEMPTS || (error as { code?: string }).code !== UNIQUE_VIOLATION) throw error;
      }
    }
  }

  private takeOnce(kind: Kind, items: Own[], doer: Doer): Promise<ImportedListDto> {
    return inTransaction(this.db, async (tx) => {
      // One import at a time: the names of two would take many locks.
      await sql(tx, 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`import of ${kind.table}`]);
      const { places, named } = await placesOf(tx, kind, items);
      named.push(...(await saveIds(tx, kind, items, places)), ...(await saveNames(tx, kind, items, places)));
      const texts = await saveOwnTexts(tx, kind, items, places);
      const changed = new Set([...named, ...texts.map(({ owner }) => owner)]);
      await touch(tx, kind, [...changed]);
      await noteDeeds(tx, doer, deedsOf(kind, places, changed, texts));
      const results = places.map(({ id, slug, isNew }) => ({
        id,
        slug,
        outcome: isNew ? ('CREATED' as const) : changed.has(id) ? ('CHANGED' as const) : ('UNCHANGED' as const),
      }));
      return { texts: texts.length, results };
    });
  }
}

/** Of two items with one id the second must be about the same. @throws ProblemException 422 */
function refuseSharedIds(items: Own[]): void {
  const errors: FieldError[] = [];
  const first = new Map<string, Own>();
  for (const item of items)
    for (const [name, id] of Object.entries(item.externalIds)) {
      const other = first.get(`${name} ${id}`);
      if (other && !isSame(other, item))
        errors.push({ pointer: `${item.at}/external_ids/${name}`, detail: `is that of ${other.at} as well` });
      else first.set(`${name} ${id}`, item);
    }
  if (errors.length > 0) throw unprocessable(errors);
}

const isSame = (one: Own, other: Own) =>
  yearsAgree(one.year, other.year) && (one.slug === other.slug || one.slug === undefined || other.slug === undefined);

/**
 * Finds all that is there at once; what is new is looked for again under a lock of its names, and made. An item that
 * has an id or a row in common with another is looked for again too. By then the ids of those before it are stored.
 */
async function placesOf(tx: EntityManager, kind: Kind, items: Own[]): Promise<{ places: Place[]; named: string[] }> {
  const found = await importedRows(tx, kind, items);
  const marks = items.map((item, n) => marksOf(item, found[n] ?? null));
  const shared = sharedOf(marks.flat());
  const isShared = (n: number) => marks[n]!.some((mark) => shared.has(mark));
  const missing = items.filter((_, n) => found[n] === null);
  const looked = items.filter((_, n) => found[n] === null || isShared(n));
  const names = looked.flatMap(({ name }) => nameKeys({ table: kind.table, keys: keysOf(name) }));
  if (names.length > 0)
    await lockNames(
      tx,
      names.map((key) => ({ key, alone: true })),
    );
  await refuseBlocked(tx, kind, missing);
  const places: Place[] = [];
  const named: string[] = [];
  for (const [n, item] of items.entries()) {
    const row = (isShared(n) ? null : found[n]) ?? (await importedRows(tx, kind, [item]))[0];
    if (!row && found[n]) await refuseBlocked(tx, kind, [item]);
    const place = row ? { id: row.id, slug: row.slug, isNew: false } : await made(tx, kind, item);
    places.push(place);
    if (isShared(n)) named.push(...(await saveIds(tx, kind, [item], [place])));
  }
  return { places, named };
}

/** What two items may have in common, if they have ids: those, and the row that they are about. */
function marksOf({ externalIds }: Own, row: Candidate | null): string[] {
  const ids = Object.entries(externalIds).map(([name, id]) => `${name} ${id}`);
  return row && ids.length > 0 ? [...ids, row.id] : ids;
}

function sharedOf(marks: string[]): Set<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const mark of marks) (seen.has(mark) ? shared : seen).add(mark);
  return shared;
}

/** What was removed for good is not brought again. Its names are locked. @throws ProblemException 422 */
async function refuseBlocked(tx: EntityManager, kind: Kind, missing: Own[]): Promise<void> {
  const entity = entityOf(kind);
  const suspects = missing.map(({ name, year, externalIds }) => ({ entity, keys: keysOf(name), year, ...externalIds }));
  const blocked = await blockedOf(tx, suspects);
  const errors = missing.filter((_, n) => blocked[n]).map(({ at }) => ({ pointer: at, detail: 'is blocked' }));
  if (errors.length > 0) throw unprocessable(errors);
}

/** One for each film or person that was made or changed. */
function deedsOf(kind: Kind, places: Place[], changed: Set<string>, texts: StoredText[]): Deed[] {
  const brought = places.filter(({ id, isNew }) => isNew || changed.has(id));
  // Of several items about one, the first has made it.
  const touched = new Map(brought.toReversed().map((place) => [place.id, place]));
  return [...touched.values()].map(({ id, slug, isNew }) => ({
    action: 'import',
    entity: entityOf(kind),
    entity_id: id,
    slug,
    details: {
      created: isNew,
      texts: texts
        .filter(({ owner }) => owner === id)
        .map(({ locale, context_tag, version }) => ({ locale, context_tag, version })),
    },
  }));
}

async function made(tx: EntityManager, kind: Kind, { name, year, slug, externalIds }: Own): Promise<Place> {
  const { table, base, text, year: column, slugs } = kind;
  const id = uuidv7();
  const plain = slug ?? slugOf(name.text, year);
  const digits = createHash('sha256').update(id).digest('hex').slice(0, 16);
  const [row] = await sql<{ slug: string }>(
    tx,
    `INSERT INTO ${table} (id, slug, ${base}, ${text}, keys, ${column}, imdb_id, tmdb_id)
     SELECT $1, CASE WHEN EXISTS (SELECT 1 FROM ${table} WHERE slug = $2) OR EXISTS (SELECT 1 FROM ${slugs}
         WHERE slug = $2) THEN $3 ELSE $2 END, $4, $5, $6, $7, $8, $9 RETURNING slug`,
    [
      id,
      plain,
      suffixed(plain, digits),
      baseOf(name.text),
      name.text,
      name.keys,
      year,
      externalIds.imdb ?? null,
      externalIds.tmdb ?? null,
    ],
  );
  return { id, slug: row!.slug, isNew: true };
}

/** Ids where none is known. @returns what has got one */
async function saveIds(tx: EntityManager, { table }: Kind, items: Own[], places: Place[]): Promise<string[]> {
  const rows = items.flatMap(({ externalIds: { imdb, tmdb } }, n) =>
    imdb === undefined && tmdb === undefined ? [] : [{ id: places[n]!.id, imdb, tmdb }],
  );
  if (rows.length === 0) return [];
  const saved = await sql<{ id: string }>(
    tx,
    `UPDATE ${table} AS own SET imdb_id = COALESCE(own.imdb_id, row.imdb), tmdb_id = COALESCE(own.tmdb_id, row.tmdb)
     FROM jsonb_to_recordset($1::jsonb) AS row (id uuid, imdb text, tmdb integer)
     WHERE own.id = row.id AND (own.imdb_id IS NULL AND row.imdb IS NOT NULL
       OR own.tmdb_id IS NULL AND row.tmdb IS NOT NULL) RETURNING own.id`,
    [JSON.stringify(rows)],
  );
  return saved.map(({ id }) => id);
}

/** The name and the slug that it was brought by, where it has others. @returns what has got one */
async function saveNames(tx: EntityManager, kind: Kind, items: Own[], places: Place[]): Promise<string[]> {
  const { table, names, slugs, base, text, owner, knownAs } = kind;
  const rows = items.map(({ name, slug }, n) => ({
    owner: places[n]!.id,
    text: name.text,
    base: baseOf(name.text),
    keys: name.keys,
    slug: slug ?? null,
  }));
  const values = [JSON.stringify(rows)];
  const named = await sql<{ id: string }>(
    tx,
    `INSERT INTO ${names} (${owner}, ${text}, ${base}, keys, source)
     SELECT DISTINCT ON (row.owner, row.text) row.owner, row.text, row.base, row.keys, 'ASKED'
     FROM jsonb_to_recordset($1::jsonb) AS row (owner uuid, text text, base text, keys text[])
     WHERE NOT EXISTS (SELECT 1 FROM ${knownAs} AS known WHERE known.id = row.owner AND known.text = row.text)
     ORDER BY row.owner, row.text ON CONFLICT DO NOTHING RETURNING ${owner} AS id`,
    values,
  );
  const called = await sql<{ id: string }>(
    tx,
    `INSERT INTO ${slugs} (slug, ${owner}) SELECT DISTINCT ON (row.slug) row.slug, row.owner
     FROM jsonb_to_recordset($1::jsonb) AS row (owner uuid, slug text)
     WHERE row.slug IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${table} WHERE ${table}.slug = row.slug)
     ORDER BY row.slug ON CONFLICT (slug) DO NOTHING RETURNING ${owner} AS id`,
    values,
  );
  return [...named, ...called].map(({ id }) => id);
}

async function touch(tx: EntityManager, { table }: Kind, ids: string[]): Promise<void> {
  if (ids.length > 0) await sql(tx, `UPDATE ${table} SET updated_at = now() WHERE id = ANY($1::uuid[])`, [ids]);
}
