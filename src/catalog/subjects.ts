import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { sql } from '../database/sql.js';
import type { Kind } from '../domain/kinds.js';

/** A film or a person that a text is about, as it will be stored. */
export interface Subject {
  slug: string;
  /** The slug of the name without the year. */
  base: string;
  text: string;
  year: number | null;
  /** Further columns; a `null` leaves the stored value as it is. */
  facts: Record<string, string | null>;
  /** Whether the request contained the name. If not, a row with a text keeps its spelling. */
  spelled: boolean;
}

/**
 * Saves subjects of one kind, no two of one name. For each it takes the first of these:
 * 1. the row with the subject's year;
 * 2. the row whose year is not known yet;
 * 3. a new row.
 *
 * Call it under the locks on their names that `mention` takes.
 * @param before called with the ids of existing rows, before they change
 * @returns the id of each, in their order
 */
export async function saveSubjects(
  tx: EntityManager,
  kind: Kind,
  subjects: Subject[],
  before: (known: string[]) => Promise<void>,
): Promise<string[]> {
  const found = await find(tx, kind, subjects);
  const rows = subjects.map(({ facts, ...subject }, n) => ({ ...subject, ...facts, id: found[n] ?? uuidv7() }));
  const known = found.filter((id) => id !== null);
  if (known.length > 0) await before(known);
  const isKnown = (_: object, n: number) => found[n] !== null;
  await update(tx, kind, rows.filter(isKnown));
  await insert(
    tx,
    kind,
    rows.filter((row, n) => !isKnown(row, n)),
  );
  return rows.map(({ id }) => id);
}

/** The columns of a kind, for reading them from a JSON record. */
const recordOf = ({ facts }: Kind) =>
  ['id uuid', 'slug text', 'base text', 'text text', 'year smallint', 'spelled boolean', ...columnsOf(facts)].join(
    ', ',
  );
const columnsOf = (facts: Kind['facts']) => Object.entries(facts).map(([name, type]) => `${name} ${type}`);

async function find(tx: EntityManager, { table, base, year }: Kind, subjects: Subject[]): Promise<(string | null)[]> {
  const wanted = subjects.map((subject, place) => ({ place, base: subject.base, year: subject.year }));
  const rows = await sql<{ id: string | null }>(
    tx,
    `SELECT (SELECT id FROM ${table} WHERE ${base} = wanted.base AND (${year} = wanted.year OR ${year} IS NULL)
             ORDER BY ${year} NULLS LAST, id LIMIT 1) AS id
     FROM jsonb_to_recordset($1::jsonb) AS wanted (place int, base text, year int) ORDER BY place`,
    [JSON.stringify(wanted)],
  );
  return rows.map(({ id }) => id);
}

async function update(tx: EntityManager, kind: Kind, rows: object[]): Promise<void> {
  if (rows.length === 0) return;
  const { table, base, text, year, facts, texts, owner } = kind;
  const known = Object.keys(facts).map((name) => `${name} = COALESCE(row.${name}, own.${name}), `);
  await sql(
    tx,
    `UPDATE ${table} AS own
     SET slug = row.slug, ${base} = row.base, ${year} = row.year, ${known.join('')}updated_at = now(),
       ${text} = CASE WHEN row.spelled OR NOT EXISTS (SELECT 1 FROM ${texts} WHERE ${owner} = own.id) THEN row.text
       ELSE own.${text} END
     FROM jsonb_to_recordset($1::jsonb) AS row (${recordOf(kind)}) WHERE own.id = row.id`,
    [JSON.stringify(rows)],
  );
}

async function insert(tx: EntityManager, kind: Kind, rows: object[]): Promise<void> {
  if (rows.length === 0) return;
  const { table, base, text, year, facts } = kind;
  const names = Object.keys(facts)
    .map((name) => `, ${name}`)
    .join('');
  await sql(
    tx,
    `INSERT INTO ${table} (id, slug, ${base}, ${text}, ${year}${names})
     SELECT id, slug, base, text, year${names} FROM jsonb_to_recordset($1::jsonb) AS row (${recordOf(kind)})
     ORDER BY slug`,
    [JSON.stringify(rows)],
  );
}
