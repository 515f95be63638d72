import { GENRE_SLUGS, GENRES, type GenreSlug } from '../domain/genres.js';
import { baseOf, isLatin, wordsOf } from '../domain/slug.js';
import { DEFAULT_LOCALE, type Locale } from '../domain/vocabulary.js';

const NAMES: Record<string, Record<Locale, string>> = GENRES;

/** A genre as it is stored. One of the version before may be in no list: it has one name. */
export interface StoredGenre {
  slug: string;
  name: string;
}

/** Genres by their names in a locale, in order of their slugs. */
export const genreNames = (genres: StoredGenre[], locale: Locale = DEFAULT_LOCALE) =>
  genres.map(({ slug, name }) => NAMES[slug]?.[locale] ?? name);

/** What others call them, in words of a slug. */
const ALIASES: Record<string, GenreSlug> = {
  'sci-fi': 'science-fiction',
  scifi: 'science-fiction',
  sf: 'science-fiction',
  biopic: 'biography',
  biographical: 'biography',
  romantic: 'romance',
  animated: 'animation',
  anime: 'animation',
  historical: 'history',
  noir: 'film-noir',
  comic: 'comedy',
  suspense: 'thriller',
  adventures: 'adventure',
  sports: 'sport',
  dokument: 'documentary',
  doku: 'documentary',
};

/** What a name is looked up by. Latin letters of another script are words of some language: Tamil for war is "por". */
const keyOf = (name: string) => (isLatin(name) ? wordsOf(name) : name.normalize('NFC').trim().toLowerCase());

const SLUGS = new Map<string, GenreSlug>([
  ...Object.entries(ALIASES),
  ...GENRE_SLUGS.flatMap((slug) => [slug, ...Object.values(GENRES[slug])].map((name) => [keyOf(name), slug] as const)),
]);

/** The slug of a genre by its slug, by its name in any locale, or by another word for it. */
export const genreSlug = (text: string): string => SLUGS.get(keyOf(text)) ?? baseOf(text);

/** The genres that a free name is of: "Romantic Comedy" is romance and comedy. None: it is in no list. */
export function genresIn(text: string): GenreSlug[] {
  const words = keyOf(text);
  const whole = SLUGS.get(words);
  if (whole) return [whole];
  // What is of several words first: "Science Fiction Horror".
  const names = [...SLUGS.keys()].sort((one, other) => other.length - one.length);
  const found: GenreSlug[] = [];
  let rest = `-${words}-`;
  for (const name of names.filter((one) => rest.includes(`-${one}-`))) {
    if (!rest.includes(`-${name}-`)) continue;
    found.push(SLUGS.get(name)!);
    rest = rest.replace(`-${name}-`, '--');
  }
  return [...new Set(found)].sort();
}
