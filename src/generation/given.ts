import type { GivenFacts } from '../domain/given-facts.js';

/** Facts as a prompt tells them: what is given stands in place of what is known. */
export function factsWith(known: Record<string, unknown>, given: GivenFacts): Record<string, unknown> {
  const { directors, cast, known_for, ...others } = given;
  const { people, movies, ...rest } = known;
  const tellsCredits = directors !== undefined || cast !== undefined || known_for !== undefined;
  return {
    ...rest,
    ...(!tellsCredits && { ...(people !== undefined && { people }), ...(movies !== undefined && { movies }) }),
    ...others,
    ...(directors && { director: directors.join(', ') }),
    ...(cast && { cast: cast.map(({ name, character }) => (character ? `${name}: ${character}` : name)) }),
    ...(known_for && {
      known_for: known_for.map(({ title, release_year: year }) => (year ? `${title} (${year})` : title)),
    }),
  };
}

export const without = (given: GivenFacts, fields: string[]): GivenFacts =>
  Object.fromEntries(Object.entries(given).filter(([field]) => !fields.includes(field)));

/** All that facts tell, as one text. */
export const wordsIn = (facts: Record<string, unknown>): string => JSON.stringify(facts);
