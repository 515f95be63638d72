import {
  acts,
  api,
  by,
  deleteMovie,
  deleteMovieDescription,
  editMovie,
  type EditMovie,
  getMovie,
  listMovieDescriptions,
  listMoviePeople,
  listMovies,
  listPeople,
  type Movie,
  type MoviePerson,
  type MovieSummary,
  putMovieDescription,
  restoreMovieDescription,
  type Text,
} from '../data/api.ts';
import { CREDITS_A_PAGE, type Credit, ENTRIES_A_PAGE, type Entry, type Kind, type Subject } from './subject.ts';

export const films: Kind = {
  part: 'films',
  list: async ({ page, year, ...query }, signal) => {
    const asked = { ...query, page, per_page: ENTRIES_A_PAGE, release_year: year, include: 'description' as const };
    const { data } = await listMovies({ ...by(api()), query: asked, signal });
    return { ...data, results: data.results.map((film) => entryOf(film, film.description ?? null, film.locales)) };
  },
  get: async (slug, query, signal) => {
    const { data } = await getMovie({ ...by(api()), path: { slug }, query, signal });
    return subjectOf(data);
  },
  versions: async (slug, query, signal) =>
    (await listMovieDescriptions({ ...by(api()), path: { slug }, query, signal })).data,
  credits: async (slug, page, signal) => {
    const query = { page, per_page: CREDITS_A_PAGE };
    const { data } = await listMoviePeople({ ...by(api()), path: { slug }, query, signal });
    return { ...data, results: data.results.map(creditOf) };
  },
  withoutText: async (credits, signal) => {
    const query = { slugs: slugsOf(credits), has_text: false };
    const { data } = await listPeople({ ...by(api()), query, signal });
    return new Set(data.results.map(({ slug }) => slug));
  },
  ask: ({ slug, name }, variant) => acts().generateMovie({ slug, title: name, ...variant }).job,
  correct: (slug, body: EditMovie) => editMovie({ ...by(acts()), path: { slug }, body }),
  write: (slug, body) => putMovieDescription({ ...by(acts()), path: { slug }, body }),
  restore: (slug, id) => restoreMovieDescription({ ...by(acts()), path: { slug, id } }),
  removeText: (slug, id) => deleteMovieDescription({ ...by(acts()), path: { slug, id } }),
  remove: (slug, block) => deleteMovie({ ...by(acts()), path: { slug }, query: { block } }),
};

/** The API takes a hundred at once. */
export const slugsOf = (credits: Credit[]) =>
  [...new Set(credits.map(({ slug }) => slug))].slice(0, CREDITS_A_PAGE).join(',');

const entryOf = (film: MovieSummary, text: Text | null, locales: string[] = []): Entry => ({
  id: film.id,
  slug: film.slug,
  name: film.title,
  year: film.release_year,
  localized: film.title_localized,
  otherNames: film.other_titles,
  directors: film.directors,
  genres: film.genre_slugs.map((slug, place) => ({ slug, name: film.genres[place] ?? slug })),
  text,
  locales,
});

const creditOf = ({ slug, name, role, character_name }: MoviePerson): Credit => ({
  slug,
  name,
  year: null,
  role,
  character: character_name,
});

const subjectOf = (film: Movie): Subject => ({
  ...entryOf(film, film.description),
  original: film.original_title,
  birthDate: null,
  birthplace: null,
  ids: film.external_ids,
  factsOrigin: film.facts_origin,
  variants: film.variants,
  credits: film.people.map(creditOf),
  creditsTotal: film.people_total,
  hidden: film.hidden,
  ambiguous: film.ambiguous,
  alternatives: film.alternatives.map(({ slug, title, release_year }) => ({ slug, name: title, year: release_year })),
  createdAt: film.created_at,
  updatedAt: film.updated_at,
});
