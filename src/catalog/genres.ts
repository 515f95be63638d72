import { GENRES } from '../domain/genres.js';
import { baseOf } from '../domain/slug.js';
import { DEFAULT_LOCALE, type Locale } from '../domain/vocabulary.js';

const NAMES: Record<string, Record<Locale, string>> = GENRES;

/** A genre as it is stored. Those of the version before are in no list: they have one name. */
export interface StoredGenre {
  slug: string;
  name: string;
}

/** Genres by their names in a locale, in order of their slugs. */
export const genreNames = (genres: StoredGenre[], locale: Locale = DEFAULT_LOCALE) =>
  genres.map(({ slug, name }) => NAMES[slug]?.[locale] ?? name);

/** The slug of a genre by its slug, or by its name in any locale. */
export function genreSlug(text: string): string {
  const base = baseOf(text);
  const named = Object.entries(NAMES).find(([, names]) => Object.values(names).some((name) => baseOf(name) === base));
  return NAMES[base] ? base : (named?.[0] ?? base);
}
