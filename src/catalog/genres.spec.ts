import { genreNames, genresIn, genreSlug } from './genres.js';

describe('genres that were named freely', () => {
  it.each<[name: string, genres: string[]]>([
    ['Drama', ['drama']],
    ['Sci-Fi', ['science-fiction']],
    ['Science Fiction', ['science-fiction']],
    ['Kryminał', ['crime']],
    ['Komödie', ['comedy']],
    ['Comédie musicale', ['musical']],
    ['Romantic Comedy', ['comedy', 'romance']],
    ['Sci-Fi Horror', ['horror', 'science-fiction']],
    ['Action/Adventure', ['action', 'adventure']],
    ['Psychological Thriller', ['thriller']],
    ['Historical drama film', ['drama', 'history']],
    ['Film Noir', ['film-noir']],
    ['Space Opera', []],
    ['戦争', ['war']],
    ['Научная фантастика', ['science-fiction']],
    ['Por amor', []],
    ['Warsaw', []],
  ])('are of the list: %s', (name, genres) => expect(genresIn(name)).toEqual(genres));

  it.each([
    ['drama', 'drama'],
    ['Dramat', 'drama'],
    ['sci-fi', 'science-fiction'],
    ['Space Opera', 'space-opera'],
  ])('are looked for by slug, name or alias: %s', (text, slug) => expect(genreSlug(text)).toBe(slug));

  it('have the name of the locale, or the one that they were stored with', () => {
    const stored = [
      { slug: 'war', name: 'War' },
      { slug: 'space-opera', name: 'Space Opera' },
    ];
    expect(genreNames(stored, 'pl-PL')).toEqual(['Wojenny', 'Space Opera']);
  });
});
