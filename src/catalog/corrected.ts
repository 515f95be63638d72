import { type Session, sql } from '../database/sql.js';
import type { Candidate } from './same-row.js';
import type { Named, Result, Told } from './told.js';

/**
 * The fields of facts that somebody may correct, by names that all kinds share: `name` is the title, `other_names` the
 * other titles. What stands in a column of its own has the name of the column.
 */
export type EditedField =
  | 'name'
  | 'other_names'
  | 'year'
  | 'genres'
  | 'external_ids'
  | 'directors'
  | 'cast'
  | 'original_title'
  | 'birth_date'
  | 'birthplace';

/** What an answer tells, without what somebody knows better: a name and a year are those that are known. */
export function withEdits(told: Told, { text, keys, year, edited }: Candidate): Told {
  if (edited.length === 0) return told;
  const facts = Object.fromEntries(Object.entries(told.facts).filter(([field]) => !edited.includes(listOf(field))));
  return {
    ...told,
    facts,
    ...(edited.includes('name') && { name: { text, keys } }),
    ...(edited.includes('year') && { year }),
    others: othersOf(told, edited),
  };
}

/** The directors of a film stand in a column too, joined. */
const listOf = (field: string) => (field === 'director' ? 'directors' : field);

/** Whether a credit is on a list that somebody corrected. */
export const isCorrected = ({ role }: Named, edited: string[]): boolean =>
  (role === 'DIRECTOR' && edited.includes('directors')) || (role === 'ACTOR' && edited.includes('cast'));

/**
 * The results without credits of lists that somebody corrected: nobody is mentioned for those. Where facts are not
 * written anew, it asks nothing. The names of what they are about must be locked.
 */
export async function withoutCorrected(tx: Session, results: Result[]): Promise<Result[]> {
  const again = results.filter(({ job, subject }) => job.entity === 'MOVIE' && subject.row && subject.told);
  if (again.length === 0) return results;
  const rows = await sql<{ id: string; edited: string[] }>(
    tx,
    `SELECT id, edited FROM movies WHERE id = ANY($1::uuid[]) AND edited && '{directors,cast}'`,
    [again.map(({ subject }) => subject.row)],
  );
  const byId = new Map(rows.map(({ id, edited }) => [id, edited]));
  return results.map((result) => {
    const { row, told } = result.subject;
    const edited = byId.get(row ?? '');
    if (!edited || !told) return result;
    return {
      ...result,
      subject: { row, told: { ...told, named: told.named.filter((one) => !isCorrected(one, edited)) } },
    };
  });
}

/** Other names that are still to be learned. */
export const othersOf = ({ others }: Told, edited: string[]): Told['others'] =>
  others.filter(({ source }) => !edited.includes(source === 'ORIGINAL' ? 'original_title' : 'other_names'));
