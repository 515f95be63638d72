import {
  acts,
  api,
  by,
  deletePerson,
  deletePersonBio,
  editPerson,
  type EditPerson,
  getPerson,
  listMovies,
  listPeople,
  listPersonBios,
  listPersonMovies,
  type Person,
  type PersonMovie,
  type PersonSummary,
  putPersonBio,
  restorePersonBio,
  type Text,
} from '../data/api.ts';
import { slugsOf } from './films.ts';
import { CREDITS_A_PAGE, type Credit, ENTRIES_A_PAGE, type Entry, type Kind, type Subject } from './subject.ts';

export const people: Kind = {
  part: 'people',
  list: async ({ q, page, year, sort, locale }, signal) => {
    const query = { q, page, sort, locale, per_page: ENTRIES_A_PAGE, birth_year: year, include: 'bio' as const };
    const { data } = await listPeople({ ...by(api()), query, signal });
    return { ...data, results: data.results.map((person) => entryOf(person, person.bio ?? null, person.locales)) };
  },
  get: async (slug, query, signal) => {
    const { data } = await getPerson({ ...by(api()), path: { slug }, query, signal });
    return subjectOf(data);
  },
  versions: async (slug, query, signal) => (await listPersonBios({ ...by(api()), path: { slug }, query, signal })).data,
  credits: async (slug, page, signal) => {
    const query = { page, per_page: CREDITS_A_PAGE };
    const { data } = await listPersonMovies({ ...by(api()), path: { slug }, query, signal });
    return { ...data, results: data.results.map(creditOf) };
  },
  withoutText: async (credits, signal) => {
    const query = { slugs: slugsOf(credits), has_text: false };
    const { data } = await listMovies({ ...by(api()), query, signal });
    return new Set(data.results.map(({ slug }) => slug));
  },
  ask: ({ slug, name }, variant) => acts().generatePerson({ slug, name, ...variant }).job,
  correct: (slug, body: EditPerson) => editPerson({ ...by(acts()), path: { slug }, body }),
  write: (slug, body) => putPersonBio({ ...by(acts()), path: { slug }, body }),
  restore: (slug, id) => restorePersonBio({ ...by(acts()), path: { slug, id } }),
  removeText: (slug, id) => deletePersonBio({ ...by(acts()), path: { slug, id } }),
  remove: (slug, block) => deletePerson({ ...by(acts()), path: { slug }, query: { block } }),
};

const entryOf = (person: PersonSummary, text: Text | null, locales: string[] = []): Entry => ({
  id: person.id,
  slug: person.slug,
  name: person.name,
  year: person.birth_year,
  localized: null,
  otherNames: person.other_names,
  directors: [],
  genres: [],
  text,
  locales,
});

const creditOf = ({ slug, title, release_year, role, character_name }: PersonMovie): Credit => ({
  slug,
  name: title,
  year: release_year,
  role,
  character: character_name,
});

const subjectOf = (person: Person): Subject => ({
  ...entryOf(person, person.bio),
  original: null,
  birthDate: person.birth_date,
  birthplace: person.birthplace,
  ids: person.external_ids,
  factsOrigin: person.facts_origin,
  variants: person.variants,
  credits: person.movies.map(creditOf),
  creditsTotal: person.movies_total,
  hidden: person.hidden,
  ambiguous: person.ambiguous,
  alternatives: person.alternatives.map(({ slug, name, birth_year }) => ({ slug, name, year: birth_year })),
  createdAt: person.created_at,
  updatedAt: person.updated_at,
});
