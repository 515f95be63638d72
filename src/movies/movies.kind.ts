import { isFilmYear } from '../domain/slug.js';
import type { PersonRole } from '../domain/vocabulary.js';
import {
  cleanedCharacter,
  cleanedList,
  cleanedLocal,
  cleanedOther,
  cleanedTitle,
  yearless,
} from '../generation/cleaned.js';
import { peopleIn } from '../generation/crew.js';
import type { Answered, Credited, TextKind } from '../generation/kind.js';
import { ABOUT_A_MOVIE, type MovieAnswer, MOVIE_FACTS, MOVIE_TEXT, OUTLINE_OF_A_MOVIE } from './movie.answer.js';
import { sampleMovie } from './movie.sample.js';

const MAX = { cast: 30, directors: 10, others: 20, genres: 8, namesakes: 20 };

const isDirector = ({ role }: { role: PersonRole }) => role === 'DIRECTOR';
const yearOf = (year: number | null) => (year !== null && isFilmYear(year) ? year : null);

type Localized = Pick<MovieAnswer, 'title_localized'>;
const localizedIn = ({ title_localized: title }: Localized, year: number | null): string | null =>
  yearless(cleanedLocal(title), year) || null;

/** Films: what of the model's answer is read. */
export const MOVIES: TextKind = {
  facts: MOVIE_FACTS,
  text: MOVIE_TEXT,
  about: ABOUT_A_MOVIE,
  outline: OUTLINE_OF_A_MOVIE,
  read: (output: MovieAnswer): Answered => {
    const year = yearOf(output.release_year);
    const told =
      output.directors.length > 0 ? output.directors : output.cast.filter(isDirector).map(({ name }) => name);
    const directors = cleanedList(told, MAX.directors, peopleIn);
    const text = yearless(cleanedTitle(output.title), year);
    const original = yearless(cleanedOther(output.original_title), year);
    return {
      found: output.found,
      text,
      original: original && original !== text ? original : null,
      others: cleanedList(output.other_titles, MAX.others, cleanedOther).map((title) => yearless(title, year)),
      year,
      facts: {
        director: directors.join(', ') || null,
        original_title: original && original !== text ? original : null,
      },
      credits: crewOf(output.cast, directors),
      genres: [...new Set(output.genres)].slice(0, MAX.genres),
      localized: localizedIn(output, year),
      namesakes: output.namesakes.slice(0, MAX.namesakes).map(({ title, release_year }) => ({
        text: yearless(cleanedTitle(title), release_year),
        year: yearOf(release_year),
      })),
      prose: output.description ?? '',
    };
  },
  given: ({ directors = [], cast = [], genres = [] }, { text, year }): Answered => {
    const named = cleanedList(directors, directors.length, peopleIn);
    const actors = cast.map(({ name, character = null }) => ({
      name,
      role: 'ACTOR' as const,
      character_name: character,
    }));
    return {
      found: true,
      text,
      original: null,
      localized: null,
      others: [],
      year,
      facts: { director: named.join(', ') || null, original_title: null },
      credits: crewOf(actors, named, cast.length),
      genres,
      namesakes: [],
      prose: '',
    };
  },
  prose: ({ description }: { description: string }) => description,
  localized: localizedIn,
  spare: ['title_localized'],
  sample: sampleMovie,
};

/** The cast in order, and the directors, whom models often leave out of it. */
function crewOf(cast: MovieAnswer['cast'], directors: string[], most = MAX.cast): Credited[] {
  const named = cast.slice(0, 2 * most).flatMap(({ name, role, character_name }) => {
    const character = cleanedCharacter(character_name);
    return peopleIn(name).map((text) => ({ text, role, character_name: character }));
  });
  const members = named.filter((member) => !isDirector(member));
  const crew = directors.map((text) => ({ text, role: 'DIRECTOR' as const, character_name: null }));
  return [...members.slice(0, most), ...crew].map((one, place) => ({
    ...one,
    year: null,
    billing_order: place + 1,
  }));
}
