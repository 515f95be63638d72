import type { EntityManager } from 'typeorm';
import { findAddressed } from '../catalog/names.js';
import { keysOf } from '../catalog/same-row.js';
import type { Name } from '../catalog/told.js';
import { lockAlone } from '../catalog/mentions.js';
import { sql, sqlRow } from '../database/sql.js';
import { ENTITIES, type EntityKind, type Kind, KINDS } from '../domain/kinds.js';
import { conflict, notFound } from '../http/problem.js';

/** A film or a person that is being changed. */
export interface EditedRow {
  id: string;
  slug: string;
  text: string;
  year: number | null;
  keys: string[];
  imdb_id: string | null;
  tmdb_id: number | null;
  hidden: boolean;
  edited: string[];
}

export const entityOf = (kind: Kind): EntityKind => ENTITIES.find((entity) => KINDS[entity].table === kind.table)!;

export const nothingThere = () => notFound('There is nothing with this slug or id.');
/** A change must not hit another one by chance. */
export const severalThere = () =>
  conflict('Several have this slug without a year: name one by its whole slug or by its id.');

const columnsOf = ({ table, text, year }: Kind) =>
  `${table}.id, ${table}.slug, ${text} AS text, ${year} AS year, keys, imdb_id, tmdb_id, hidden, edited`;

/** @throws ProblemException 404, or 409 when the address means several */
export async function findOne(tx: EntityManager, kind: Kind, address: string): Promise<EditedRow> {
  const asked = { address, columns: columnsOf(kind), withHidden: true };
  const [row, other] = await findAddressed<EditedRow>(tx, kind, asked, 2);
  if (!row) throw nothingThere();
  if (other && row.slug !== address) throw severalThere();
  return row;
}

/** The row as nobody else changes it until the transaction ends. @throws ProblemException as {@link findOne} */
export async function lockOne(tx: EntityManager, kind: Kind, address: string): Promise<EditedRow> {
  const { id } = await findOne(tx, kind, address);
  return lockRow(tx, kind, id);
}

async function lockRow(tx: EntityManager, kind: Kind, id: string): Promise<EditedRow> {
  const text = `SELECT ${columnsOf(kind)} FROM ${kind.table} WHERE id = $1 FOR NO KEY UPDATE`;
  const row = await sqlRow<EditedRow | undefined>(tx, text, [id]);
  if (!row) throw nothingThere();
  return row;
}

/** The same, with all of its names: nobody stores anything under one of them, or under `more`, meanwhile. */
export async function lockWithNames(tx: EntityManager, kind: Kind, address: string, more: Name[] = []) {
  const { id } = await findOne(tx, kind, address);
  const names = [...(await namesOf(tx, kind, id)), ...more];
  await lockAlone(tx, [{ table: kind.table, keys: [...new Set(names.flatMap(keysOf))] }]);
  const row = await lockRow(tx, kind, id);
  return { row, names: await namesOf(tx, kind, id) };
}

/** Every name of it, the main one first. */
const namesOf = (tx: EntityManager, { knownAs, table, text }: Kind, id: string) =>
  sql<Name>(
    tx,
    `SELECT known.text, known.keys FROM ${knownAs} AS known JOIN ${table} AS own USING (id)
     WHERE id = $1 ORDER BY known.text = own.${text} DESC, known.text`,
    [id],
  );
