import { candidatesIn, detailIn, foundById, Unreadable } from './tmdb-reader.js';

const film = (more: object = {}) => ({ id: 603, title: 'The Matrix', release_date: '1999-03-31', ...more });

describe('a search', () => {
  it('is read as far as it is used, and what is odd in it is left out', () => {
    const results = [
      film({ original_title: 'The Matrix', vote_count: 25_000, overview: 'x'.repeat(10_000) }),
      film({ id: 604, release_date: '' }),
      film({ id: 605, release_date: null, vote_count: -1 }),
      film({ id: 606, adult: true }),
      film({ id: '607' }),
      film({ id: 2 ** 40 }),
      film({ id: 608, title: ' ', original_title: 7 }),
      null,
      5,
      'film',
      [film()],
    ];
    expect(candidatesIn('MOVIE', { page: 1, results })).toEqual([
      { id: 603, names: ['The Matrix'], year: 1999, weight: 25_000 },
      { id: 604, names: ['The Matrix'], year: null, weight: 0 },
      { id: 605, names: ['The Matrix'], year: null, weight: 0 },
    ]);
    expect(candidatesIn('PERSON', { results: [{ id: 1, name: 'Keanu Reeves', popularity: 9.5 }] })).toEqual([
      { id: 1, names: ['Keanu Reeves'], year: null, weight: 9.5 },
    ]);
    expect(candidatesIn('MOVIE', { results: Array.from({ length: 500 }, (_, n) => film({ id: n + 1 })) })).toHaveLength(
      20,
    );
  });

  it.each([null, [], 'results', 5, {}, { results: null }, { results: { 0: film() } }])(
    'is none in another form: %j',
    (body) => {
      expect(() => candidatesIn('MOVIE', body)).toThrow(Unreadable);
      expect(() => foundById('PERSON', body)).toThrow(Unreadable);
    },
  );
});

describe('details', () => {
  it('of a film are its facts, in the order of its credits and not of their list', () => {
    const cast = [
      { name: 'Second', character: 'Two', order: 1 },
      { name: 'First', character: '', order: 0 },
      { name: 'Last' },
      { character: 'Nobody', order: 2 },
    ];
    const crew = [
      ...['Director', 'Director', 'Screenplay', 'Producer', 'Gaffer'].map((job, n) => ({ name: `${job} ${n}`, job })),
      { name: 'Director 0', job: 'Director' },
    ];
    const translations = [
      { iso_639_1: 'pl', iso_3166_1: 'PL', data: { title: 'Macierz' } },
      { iso_639_1: 'de', iso_3166_1: 'DE', data: { title: '' } },
    ];
    const detail = detailIn('MOVIE', {
      ...film({ original_title: 'Matrix, the original', imdb_id: 'tt0133093' }),
      genres: [{ id: 878 }, { id: 10770 }, { id: 'x' }, { id: 28 }],
      credits: { cast, crew },
      alternative_titles: { titles: [{ title: 'Matrix' }, { title: null }] },
      translations: { translations },
    });
    expect(detail).toEqual({
      id: 603,
      names: ['The Matrix', 'Matrix, the original', 'Macierz', 'Matrix'],
      year: 1999,
      weight: 0,
      imdb: 'tt0133093',
      directors: ['Director 0', 'Director 1'],
      local: { 'pl-PL': 'Macierz' },
      facts: {
        title: 'The Matrix',
        original_title: 'Matrix, the original',
        other_titles: ['Macierz', 'Matrix'],
        title_localized: null,
        release_year: 1999,
        directors: ['Director 0', 'Director 1'],
        genres: ['science-fiction', 'action'],
        cast: [
          { name: 'First', role: 'ACTOR', character_name: null },
          { name: 'Second', role: 'ACTOR', character_name: 'Two' },
          { name: 'Last', role: 'ACTOR', character_name: null },
          { name: 'Screenplay 2', role: 'WRITER', character_name: null },
          { name: 'Producer 3', role: 'PRODUCER', character_name: null },
        ],
      },
    });
  });

  it('of a person are the best known films, each part once', () => {
    const part = (id: number, vote_count: number, more: object = {}) => ({
      id,
      title: `Film ${id}`,
      release_date: '2001-01-01',
      vote_count,
      ...more,
    });
    const detail = detailIn('PERSON', {
      id: 6384,
      name: 'Keanu Reeves',
      birthday: '1964-09-02',
      place_of_birth: 'Beirut, Lebanon',
      popularity: 12,
      imdb_id: 'nm0000206',
      also_known_as: ['Kianu Rivz', 5, 'Keanu Reeves'],
      movie_credits: {
        cast: [part(1, 5, { character: 'Low' }), part(2, 900), part(2, 900), part(3, 10, { adult: true })],
        crew: [part(2, 900, { job: 'Director' }), part(4, 1, { job: 'Thanks' })],
      },
    });
    expect(detail).toMatchObject({
      id: 6384,
      year: 1964,
      weight: 12,
      imdb: 'nm0000206',
      names: ['Keanu Reeves', 'Kianu Rivz'],
      facts: {
        birth_date: '1964-09-02',
        birth_year: 1964,
        birthplace: 'Beirut, Lebanon',
        other_names: ['Kianu Rivz'],
        known_for: [
          {
            title: 'Film 2',
            release_year: 2001,
            role: 'ACTOR',
          },
          {
            title: 'Film 2',
            release_year: 2001,
            role: 'DIRECTOR',
          },
          {
            title: 'Film 1',
            release_year: 2001,
            role: 'ACTOR',
            character_name: 'Low',
          },
        ],
      },
    });
  });

  it('of thousands of credits are no more than a film has', () => {
    const cast = Array.from({ length: 2000 }, (_, order) => ({ name: `Actor ${order}`, order })).reverse();
    const crew = Array.from({ length: 2000 }, (_, n) => ({ name: `Director ${n}`, job: 'Director' }));
    const detail = detailIn('MOVIE', film({ credits: { cast, crew } }))!;
    expect(detail.directors).toHaveLength(10);
    expect(detail.facts).toMatchObject({
      cast: expect.arrayContaining([expect.objectContaining({ name: 'Actor 0' })]),
    });
    expect(JSON.stringify(detail).length).toBeLessThan(16 * 1024);
  });

  it('are of nobody who is for adults, have no id of another kind, and nothing that cannot be stored', () => {
    expect(detailIn('MOVIE', film({ adult: true }))).toBeNull();
    expect(detailIn('MOVIE', film({ imdb_id: 'nm0133093' }))).toMatchObject({ imdb: null });
    const odd = detailIn('MOVIE', film({ title: 'A\u0000B \ud800', release_date: '1999' }));
    expect(odd).toMatchObject({ names: ['A B'], year: null });
    for (const body of [null, {}, { id: 1 }, { id: 0, title: 'x' }, { id: 1, title: 5 }, [film()]])
      expect(() => detailIn('MOVIE', body)).toThrow(Unreadable);
  });
});
