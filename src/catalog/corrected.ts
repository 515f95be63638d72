import type { Candidate } from './same-row.js';
import type { Told } from './told.js';

/**
 * The fields of facts that somebody may correct, by names that all kinds share: `name` is the title, `other_names` the
 * other titles. What stands in a column of its own has the name of the column.
 */
export type EditedField =
  'name' | 'other_names' | 'year' | 'genres' | 'external_ids' | 'original_title' | 'birth_date' | 'birthplace';

/** What an answer tells, without what somebody knows better: a name and a year are those that are known. */
export function withEdits(told: Told, { text, keys, year, edited }: Candidate): Told {
  if (edited.length === 0) return told;
  const facts = Object.fromEntries(Object.entries(told.facts).filter(([field]) => !edited.includes(field)));
  return {
    ...told,
    facts,
    ...(edited.includes('name') && { name: { text, keys } }),
    ...(edited.includes('year') && { year }),
    others: othersOf(told, edited),
  };
}

/** Other names that are still to be learned. */
export const othersOf = ({ others }: Told, edited: string[]): Told['others'] =>
  others.filter(({ source }) => !edited.includes(source === 'ORIGINAL' ? 'original_title' : 'other_names'));
