import { GENRE_SLUGS, type GenreSlug } from '../domain/genres.js';
import { FIRST_YEAR } from '../domain/kinds.js';
import { namesakesOf, pickerFor, subjectOf, textFor, yearIn } from '../llm/samples.js';

/** A film as the mock invents it. */
export function sampleMovie(data: Record<string, unknown>) {
  const title = subjectOf(data, FIRST_YEAR);
  const pick = pickerFor(title);
  const text = textFor(data, title);
  const namesakes = namesakesOf(data, title, FIRST_YEAR);
  const cast = [0, 1, 2].map((place) => ({
    name: pick.name(place),
    role: 'ACTOR',
    character_name: `Character ${place + 1}`,
  }));
  return {
    found: true,
    title,
    release_year:
      (data.release_year as number | null) ?? yearIn(title) ?? namesakes[0]?.year ?? 1950 + pick.number(0, 70),
    original_title: null,
    other_titles: [],
    title_localized: null,
    directors: [(data.director as string | undefined) ?? pick.name(9)],
    // A drama in any case: what documents look for is found.
    genres: [...new Set<GenreSlug>(['drama', pick.from(GENRE_SLUGS, 1)])],
    description: text,
    cast,
    namesakes: namesakes.map(({ name, year }) => ({ title: name, release_year: year })),
  };
}
