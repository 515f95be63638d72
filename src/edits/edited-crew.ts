import type { EntityManager } from 'typeorm';
import { blockedOf } from '../catalog/blocks.js';
import { joinDirectors } from '../catalog/joined-directors.js';
import { lockMentions, lookUp, mention, type Mention } from '../catalog/mentions.js';
import { keysOf } from '../catalog/same-row.js';
import { saveCredits } from '../catalog/told-credits.js';
import { sql } from '../database/sql.js';
import { together } from '../database/transaction.js';
import { KINDS } from '../domain/kinds.js';
import type { PersonRole } from '../domain/vocabulary.js';
import { named } from '../generation/asked.js';
import { conflict } from '../http/problem.js';
import type { EditedRow } from './edited-row.js';

/** Who made a film, as somebody knows it: whole lists in billing order. What is missing stays. */
export interface Crew {
  directors?: string[];
  cast?: { name: string; character?: string }[];
}

const { credits } = KINDS.MOVIE;
const ROLES = { directors: 'DIRECTOR', cast: 'ACTOR' } as const satisfies Record<keyof Crew, PersonRole>;
type List = keyof typeof ROLES;
const LISTS = Object.keys(ROLES) as List[];

export const listsOf = (crew: Crew): List[] => LISTS.filter((list) => crew[list] !== undefined);

const isBlocked = (name: string) =>
  conflict(`An operator has had ${name} removed for good: the block must be lifted first.`);

/** Who is on these lists before a change: the names, in their order. */
export async function crewBefore(
  tx: EntityManager,
  film: string,
  lists: List[],
): Promise<Partial<Record<List, string[]>>> {
  if (lists.length === 0) return {};
  const rows = await sql<{ role: string; names: string[] }>(
    tx,
    `SELECT role, array_agg(people.name ORDER BY billing_order NULLS LAST, people.name) AS names
     FROM movie_people JOIN people ON people.id = person_id
     WHERE movie_id = $1 AND role = ANY($2::text[]) GROUP BY role`,
    [film, lists.map((list) => ROLES[list])],
  );
  return Object.fromEntries(lists.map((list) => [list, rows.find(({ role }) => role === ROLES[list])?.names ?? []]));
}

/**
 * Replaces these lists of a film, whoever told them. People are found, or made as mentions, by the rules for a cast
 * that a model tells. The names of the film must be locked.
 * @throws ProblemException 409 when one of them is blocked
 */
export async function replaceCrew(tx: EntityManager, film: EditedRow, crew: Crew): Promise<void> {
  const lists = listsOf(crew);
  if (lists.length === 0) return;
  await sql(tx, 'DELETE FROM movie_people WHERE movie_id = $1 AND role = ANY($2::text[])', [
    film.id,
    lists.map((list) => ROLES[list]),
  ]);
  const mentions = await mentionsOf(tx, film, crew);
  const suspects = mentions.map((one) => ({ entity: 'PERSON' as const, keys: keysOf(one), year: null }));
  const [blocked, known] = await lockMentions(tx, [], mentions, () =>
    together([blockedOf(tx, suspects), lookUp(tx, mentions)]),
  );
  const gone = mentions.find((_, n) => blocked[n]);
  if (gone) throw isBlocked(gone.text);
  const ids = await mention(tx, mentions, known);
  await saveCredits(
    tx,
    mentions.map((one, n) => ({ kind: KINDS.MOVIE, own: film.id, other: ids[n]!, named: one })),
  );
  if (crew.directors) await joinDirectors(tx, [film.id]);
}

type Part = Mention & { character_name: string | null; billing_order: number };

/** The cast first; those who direct follow the last who plays. */
async function mentionsOf(tx: EntityManager, film: EditedRow, { directors = [], cast = [] }: Crew): Promise<Part[]> {
  const [row] = await sql<{ last: number }>(
    tx,
    'SELECT COALESCE(max(billing_order), 0) AS last FROM movie_people WHERE movie_id = $1',
    [film.id],
  );
  const after = Math.max(row!.last, cast.length);
  const by = { keys: film.keys, year: film.year };
  const part = (text: string, role: PersonRole, character_name: string | null, billing_order: number): Part => ({
    ...named(text, 'PERSON'),
    table: credits.names,
    year: null,
    role,
    by,
    character_name,
    billing_order,
  });
  return [
    ...cast.map(({ name, character = null }, n) => part(name, 'ACTOR', character, n + 1)),
    ...directors.map((name, n) => part(name, 'DIRECTOR', null, after + n + 1)),
  ];
}
