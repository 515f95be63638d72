import { GENRE_SLUGS, GENRES } from './genres.js';
import { baseOf } from './slug.js';
import { LOCALE_TAGS } from './vocabulary.js';

describe('the genres', () => {
  it('are about twenty, each with the slug of its English name', () => {
    expect(GENRE_SLUGS.length).toBeGreaterThanOrEqual(20);
    expect(GENRE_SLUGS).toEqual(GENRE_SLUGS.map((slug) => baseOf(GENRES[slug]['en-US'])));
  });

  it('have no name that is another one in another language', () => {
    const slugs = new Map<string, string>();
    for (const slug of GENRE_SLUGS)
      for (const name of Object.values(GENRES[slug])) {
        expect([name, slugs.get(name.toLowerCase()) ?? slug]).toEqual([name, slug]);
        slugs.set(name.toLowerCase(), slug);
      }
  });

  it.each(LOCALE_TAGS)('have a name each, all different, in %s', (locale) => {
    const names = GENRE_SLUGS.map((slug) => GENRES[slug][locale]);
    expect(new Set(names).size).toBe(GENRE_SLUGS.length);
    for (const name of names) expect(name).toMatch(/^[\p{Lu}\p{Lo}][\p{L}\p{M} ·・\u200c-]+$/u);
  });
});
