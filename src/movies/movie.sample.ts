import { FIRST_YEAR } from '../domain/kinds.js';
import { pickerFor, subjectOf, textFor } from '../llm/samples.js';

const GENRES = ['Drama', 'Comedy', 'Thriller', 'Science Fiction', 'Adventure', 'Romance', 'Crime', 'Fantasy'];

/** A film as the mock invents it. */
export function sampleMovie(data: Record<string, unknown>) {
  const title = subjectOf(data, FIRST_YEAR);
  const pick = pickerFor(title);
  const text = textFor(data, title);
  const cast = [0, 1, 2].map((place) => ({
    name: pick.name(place),
    role: 'ACTOR',
    character_name: `Character ${place + 1}`,
  }));
  return {
    found: true,
    title,
    release_year: (data.release_year as number | null) ?? 1950 + pick.number(0, 70),
    director: pick.name(9),
    genres: [pick.from(GENRES, 1), pick.from(GENRES, 2)],
    description: text,
    cast,
  };
}
