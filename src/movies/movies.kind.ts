import { baseOf } from '../domain/slug.js';
import type { TextKind } from '../generation/kind.js';
import { type GeneratedMovie, movieAsk, readMovie } from './movie.prompt.js';

/** Films: the request to the model, and the parts of the answer that are stored. */
export const MOVIES: TextKind = {
  ask: movieAsk,
  read: (ask, answer, job) => {
    const film = readMovie(ask, answer, job);
    const { slug, title_slug: base, title: text, release_year: year, director, genres, description } = film;
    return { subject: { slug, base, text, year, facts: { director } }, named: crewOf(film), genres, text: description };
  },
};

/** The cast in order, and the director, whom models often leave out of it. */
function crewOf({ cast, director }: GeneratedMovie) {
  const crew = cast.map(({ name, role, character_name }, place) => ({
    text: name,
    year: null,
    role,
    character_name,
    billing_order: (place + 1) as number | null,
  }));
  const named =
    director !== null && cast.some(({ role, name }) => role === 'DIRECTOR' && baseOf(name) === baseOf(director));
  if (director === null || named) return crew;
  return [
    ...crew,
    { text: director, year: null, role: 'DIRECTOR' as const, character_name: null, billing_order: null },
  ];
}
