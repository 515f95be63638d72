import { columnsOf } from './columns.js';
import { rowsOf, yearOf } from './rows.js';

const rows = (header: string, lines: string[], kind?: 'movie' | 'person') => {
  const columns = columnsOf(header.split(','), kind, 'x.csv');
  const read = rowsOf(
    lines.map((line, n) => ({ line: n + 2, cells: line.split(',') })),
    columns,
  );
  return { kind: columns.kind, ...read };
};

describe('the columns of a file', () => {
  it.each([
    ['IMDb lists', 'Position,Const,Title,Original Title,Title Type,Year', '1,tt0113277,Heat,,Movie,1995', 'tt0113277'],
    [
      'IMDb data',
      'tconst,titleType,primaryTitle,originalTitle,startYear',
      'tt0113277,movie,Heat,Heat,1995',
      'tt0113277',
    ],
    ['Letterboxd', 'Date,Name,Year,Letterboxd URI', '2020-01-01,Heat,1995,https://boxd.it/x'],
    ['Kaggle', 'name,rating,genre,year,released', 'Heat,R,Action,1995,December 15'],
    ['TMDB', 'id,title,original_title,release_date,imdb_id', '1,Heat,Heat,1995-12-15,tt0113277', 'tt0113277'],
    ['TMDB lists', 'TMDb ID,IMDb ID,Type,Name,Release Date', '949,tt0113277,movie,Heat,1995-12-15', 'tt0113277', 949],
    ['Trakt', 'rated_at,type,title,year,imdb_id', '2020-01-01,movie,Heat,1995,tt0113277', 'tt0113277'],
    ['ours', 'TITLE,Year', 'Heat,1995'],
  ])('are understood as %s writes them', (_, header, line, ...ids: unknown[]) => {
    const [imdb, tmdb] = ids;
    const read = rows(header, [line]);
    expect(read).toMatchObject({ kind: 'movie', rows: [{ text: 'Heat', year: 1995, imdb, tmdb }] });
  });

  it.each([
    ['imdb', 'https://www.imdb.com/title/tt0113277/', 'tt0113277', undefined],
    ['imdb', '8.3', undefined, undefined],
    ['imdb', 'nm0000134', undefined, undefined],
    ['tmdb_id', '949.0', undefined, 949],
    ['tmdb_id', '0', undefined, undefined],
    ['tmdb_id', '7.9', undefined, undefined],
    ['tmdb_id', '\\N', undefined, undefined],
  ])('of ids: %s %s', (header, cell, imdb, tmdb) => {
    const [row] = rows(`title,${header}`, [`Heat,${cell}`]).rows;
    expect([row!.imdb, row!.tmdb, row!.problem]).toEqual([imdb, tmdb, undefined]);
  });

  it.each([
    ['ours', 'name,birth_year', 'Ann,1950'],
    ['IMDb data', 'nconst,primaryName,birthYear,deathYear', 'nm1,Ann,1950,\\N'],
    ['IMDb lists', 'Name,Known For,Birth Date', 'Ann,Heat,1950-01-02'],
  ])('of people are understood as %s writes them', (_, header, line) => {
    expect(rows(header, [line])).toMatchObject({ kind: 'person', rows: [{ text: 'Ann', year: 1950 }] });
  });

  it('that say neither, or both, need to be told; what they deny is refused', () => {
    for (const header of ['name,year', 'name', 'name,director,birth_year', 'title,name,birth_year'])
      expect(() => rows(header, [])).toThrow(/films or people: say which, generate movie --file/);
    expect(rows('name,year', ['Heat,1995'], 'movie').rows).toEqual([
      expect.objectContaining({ text: 'Heat', year: 1995 }),
    ]);
    expect(rows('name,year', ['Ann,1950'], 'person').kind).toBe('person');
    expect(() => rows('title,year', [], 'person')).toThrow(/has the columns of films/);
    expect(() => rows('name,birth_year', [], 'movie')).toThrow(/has the columns of people/);
    expect(() => rows('a,b', [])).toThrow(/needs the header title,year or name,birth_year/);
  });

  it('carry the language and the manner of a line', () => {
    const { rows: read } = rows('title,Locale,context_tag', ['A,pl-PL,modern', 'B,,']);
    expect(read).toMatchObject([{ locale: 'pl-PL', context: 'modern' }, { text: 'B' }]);
    expect(read[1]!.locale).toBeUndefined();
  });

  it('carry notes of a line, under the names as they are written', () => {
    const { rows: read } = rows('title,metadata.Order,metadata.shelf,metadata', ['A,42,,x', 'B,,,']);
    expect(read.map(({ metadata }) => metadata)).toEqual([{ Order: '42' }, undefined]);
  });

  it('tell what is no film', () => {
    const types = ['Movie', 'tvMovie', 'TV Series', 'tvEpisode', 'Video Game', ''];
    const { rows: read, skipped } = rows(
      'Title,Title Type',
      types.map((type) => `${type || 'None'},${type}`),
    );
    expect([read.map(({ text }) => text), skipped]).toEqual([['Movie', 'tvMovie', 'None'], 3]);
    const others = ['movie', 'tv', 'TV Show', 'episode', 'drama', ''];
    const told = rows(
      'Title,Type',
      others.map((type) => `${type || 'None'},${type}`),
    );
    expect([told.rows.map(({ text }) => text), told.skipped]).toEqual([['movie', 'drama', 'None'], 3]);
  });
});

describe('a year', () => {
  it.each([
    ['1995', 1995],
    ['1995.0', 1995],
    ['(1995)', 1995],
    ['1995-12-15', 1995],
    ['15.12.1995', 1995],
    ['December 15, 1995 (United States)', 1995],
    ['95', 95],
    ['soon', null],
    ['19950', 19950],
    ['12/5/19956', null],
  ])('is read from %s', (text, year) => {
    expect(yearOf(text)).toBe(year);
  });
});
