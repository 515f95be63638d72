import { genreSlug } from '../catalog/genres.js';
import { GENRE_SLUGS } from '../domain/genres.js';
import { NamesField } from '../http/fields.js';

/** Genres by their slugs or names. */
export const GenresField = (max: number) =>
  NamesField({
    required: false,
    max,
    longest: 60,
    example: ['action', 'science-fiction'],
    description: 'Slugs of genres, or their names in any of the locales',
    whyNot: (name) =>
      (GENRE_SLUGS as readonly string[]).includes(genreSlug(name)) ? null : 'must contain genres of GET /genres only',
  });
