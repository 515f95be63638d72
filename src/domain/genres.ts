import { GENRE_NAMES } from './genre-names.js';
import { ALL_LOCALES, type Locale } from './locales.js';

/** Every genre that a film may have: its slug is the same in every locale. */
export const GENRE_SLUGS = [
  'action',
  'adventure',
  'animation',
  'biography',
  'comedy',
  'crime',
  'documentary',
  'drama',
  'family',
  'fantasy',
  'film-noir',
  'history',
  'horror',
  'music',
  'musical',
  'mystery',
  'romance',
  'science-fiction',
  'sport',
  'thriller',
  'war',
  'western',
] as const;
export type GenreSlug = (typeof GENRE_SLUGS)[number];

type Names = Record<Locale, string>;
const named = ALL_LOCALES.map((locale) => [locale, GENRE_NAMES[locale].split(/,\s+/)] as const);
const namesOf = (place: number) => Object.fromEntries(named.map(([locale, names]) => [locale, names[place]])) as Names;

/** Each with its names. */
export const GENRES = Object.fromEntries(GENRE_SLUGS.map((slug, place) => [slug, namesOf(place)])) as Record<
  GenreSlug,
  Names
>;
