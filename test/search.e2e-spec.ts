import { moviesOf } from '../src/movies/movies.reader.js';
import { countStatement, pageStatement } from '../src/catalog/search.js';
import { describeServer } from './support/server/describe-server.js';

interface Page {
  page: number;
  per_page: number;
  total_pages: number;
  total_results: number;
  unknown?: string[];
  results: { id: string; slug: string; title: string; name: string }[];
}

const FILMS: [slug: string, base: string, title: string, year: number | null, genres?: string[]][] = [
  ['amelie-2001', 'amelie', 'Amélie', 2001, ['romance', 'comedy']],
  ['amelie-1998', 'amelie', 'Amelie', 1998],
  ['the-matrix-1999', 'the-matrix', 'The Matrix', 1999, ['science-fiction']],
  ['the-matrix-reloaded-2003', 'the-matrix-reloaded', 'The Matrix Reloaded', 2003, ['science-fiction']],
  ['le-destin-d-amelie-poulain-2001', 'le-destin-damelie-poulain', 'Le Destin d’Amélie Poulain', 2001],
  ['qiantoqianxunnoshenyinshi-3146d995-2001', 'qiantoqianxunnoshenyinshi-3146d995', '千と千尋の神隠し', 2001],
  ['mu-aaaaaaaa-2004', 'mu-aaaaaaaa', '木', 2004],
  ['mulan-1998', 'mulan', 'Mulan', 1998],
  ['czlowiek-z-zelaza-1981', 'czlowiek-z-zelaza', 'Człowiek z żelaza', 1981],
  ['idiismotri-bbbbbbbb-1985', 'idi-i-smotri-bbbbbbbb', 'Иди и смотри', 1985],
  ['up-2009', 'up', 'Up', 2009],
  ['100-percent-wolf-2020', '100-percent-wolf', '100% Wolf', 2020],
  ['no-year-known', 'no-year-known', 'No Year Known', null],
];
/** Without a text. */
const MENTIONED: typeof FILMS = [
  ['the-matrix-mentioned-1999', 'the-matrix-mentioned', 'The Matrix Mentioned', 1999, ['science-fiction']],
  ['known-from-a-cast', 'known-from-a-cast', 'Known From a Cast', null],
];
const PEOPLE: [slug: string, base: string, name: string, year: number | null][] = [
  ['audrey-tautou-1976', 'audrey-tautou', 'Audrey Tautou', 1976],
  ['audrey-hepburn-1929', 'audrey-hepburn', 'Audrey Hepburn', 1929],
  ['krzysztof-kieslowski', 'krzysztof-kieslowski', 'Krzysztof Kieślowski', null],
  ['gongqijun-cccccccc-1941', 'gongqijun-cccccccc', '宮崎駿', 1941],
];
const MENTIONED_PEOPLE: typeof PEOPLE = [['audrey-mentioned-1929', 'audrey-mentioned', 'Audrey Mentioned', 1929]];

describeServer('searching', {}, ({ server }) => {
  beforeAll(async () => {
    for (const [slug, base, title, year, genres = []] of [...FILMS, ...MENTIONED]) {
      await server.rows(
        `WITH film AS (INSERT INTO movies (id, slug, title_slug, title, release_year) VALUES (gen_random_uuid(), $1, $2, $3, $4) RETURNING id),
           tagged AS (INSERT INTO genres (id, slug, name) SELECT gen_random_uuid(), slug, initcap(replace(slug, '-', ' ')) FROM unnest($5::text[]) AS slug
             ON CONFLICT (slug) DO UPDATE SET name = EXCLUDED.name RETURNING id)
         INSERT INTO movie_genres SELECT film.id, tagged.id FROM film, tagged`,
        [slug, base, title, year, genres],
      );
    }
    for (const person of [...PEOPLE, ...MENTIONED_PEOPLE]) {
      await server.rows(
        'INSERT INTO people (id, slug, name_slug, name, birth_year) VALUES (gen_random_uuid(), $1, $2, $3, $4)',
        person,
      );
    }
    await server.rows(
      `INSERT INTO movie_descriptions (id, movie_id, locale, context_tag, version, text, origin, ai_model)
       SELECT gen_random_uuid(), id, 'pl-PL', 'modern', 1, 'Tekst', 'GENERATED', 'test' FROM movies WHERE slug = ANY($1)`,
      [FILMS.map(([slug]) => slug)],
    );
    await server.rows(
      `INSERT INTO person_bios (id, person_id, locale, context_tag, version, text, origin, ai_model)
       SELECT gen_random_uuid(), id, 'en-US', 'DEFAULT', 1, 'Text', 'GENERATED', 'test' FROM people WHERE slug = ANY($1)`,
      [PEOPLE.map(([slug]) => slug)],
    );
  });

  type Query = Record<string, string | number>;
  const search = async (path: 'movies' | 'people', query: Query) => {
    const text = new URLSearchParams(query as Record<string, string>).toString();
    const { status, body } = await server.get<Page>(`/${path}?${text}`);
    expect([query, status]).toEqual([query, 200]);
    return body;
  };
  const titles = async (query: Query) => (await search('movies', query)).results.map(({ title }) => title);
  const names = async (query: Query) => (await search('people', query)).results.map(({ name }) => name);

  it('runs on trigrams in a database that sorts by bytes', async () => {
    const [row] = await server.rows<{ datcollate: string; indexes: number }>(
      `SELECT datcollate, (SELECT count(*)::int FROM pg_indexes WHERE indexdef LIKE '%gin_trgm_ops%') AS indexes
       FROM pg_database WHERE datname = current_database()`,
    );
    expect(row).toEqual({ datcollate: 'C', indexes: 4 });
  });

  it.each([
    ['amelie', ['Amélie', 'Amelie', 'Le Destin d’Amélie Poulain']],
    ['AMÉLIE', ['Amélie', 'Amelie', 'Le Destin d’Amélie Poulain']],
    ['Ame\u0301lie poulain', ['Le Destin d’Amélie Poulain']],
    ['amlie poulan', ['Le Destin d’Amélie Poulain']],
    ['matrx', ['The Matrix', 'The Matrix Reloaded']],
    ['the  matrix!', ['The Matrix', 'The Matrix Reloaded']],
    ['reloaded', ['The Matrix Reloaded']],
    ['atri', ['The Matrix', 'The Matrix Reloaded']],
    ['zelaza', ['Człowiek z żelaza']],
    ['człowik', ['Człowiek z żelaza']],
    ['up', ['Up']],
    ['100%', ['100% Wolf']],
    ['nothing like it anywhere', []],
  ])('finds for "%s" %j', async (q, expected) => {
    expect(await titles({ q })).toEqual(expected);
  });

  it.each([
    ['千と千尋', ['千と千尋の神隠し']],
    ['千と千尋の神隠し', ['千と千尋の神隠し']],
    ['神隠', ['千と千尋の神隠し']],
    ['隠', ['千と千尋の神隠し']],
    ['木', ['木']],
    ['смотри', ['Иди и смотри']],
    ['ИДИ И СМОТРЫ', ['Иди и смотри']],
    ['火', []],
  ])('finds in other scripts for "%s" %j', async (q, expected) => {
    expect(await titles({ q })).toEqual(expected);
  });

  it.each([
    ['audrey', ['Audrey Tautou', 'Audrey Hepburn']],
    ['tatou', ['Audrey Tautou']],
    ['kieslowski', ['Krzysztof Kieślowski']],
    ['Kristof Kieslovski', ['Krzysztof Kieślowski']],
    ['宮崎', ['宮崎駿']],
  ])('finds of people for "%s" %j', async (q, expected) => {
    expect(await names({ q })).toEqual(expected);
  });

  it('filters by year and by genre, whose slug or name it takes in any case', async () => {
    expect(await titles({ q: 'amelie', year: 2001 })).toEqual(['Amélie', 'Le Destin d’Amélie Poulain']);
    expect(await titles({ year: 1981 })).toEqual(['Człowiek z żelaza']);
    for (const genre of ['science-fiction', 'Science Fiction', 'SCIENCE FICTION']) {
      expect((await titles({ genre })).sort()).toEqual(['The Matrix', 'The Matrix Reloaded']);
      expect(await titles({ genre, q: 'reloaded' })).toEqual(['The Matrix Reloaded']);
      expect(await titles({ genre, year: 1999 })).toEqual(['The Matrix']);
    }
    expect(await titles({ genre: 'science' })).toEqual([]);
    expect(await names({ year: 1929 })).toEqual(['Audrey Hepburn']);
    expect(await names({ q: 'audrey', year: 1976 })).toEqual(['Audrey Tautou']);
  });

  it('filters by years under either name, by director, language, manner and the time of the last change', async () => {
    expect(await titles({ release_year: 1981 })).toEqual(['Człowiek z żelaza']);
    expect(await titles({ release_year: 1981, year: 1981 })).toEqual(['Człowiek z żelaza']);
    expect(await names({ birth_year: 1929 })).toEqual(['Audrey Hepburn']);
    expect((await titles({ year_from: 2004, year_to: 2009 })).sort()).toEqual(['Up', '木']);
    expect(await titles({ year_from: 2010 })).toEqual(['100% Wolf']);
    expect((await names({ year_to: 1941 })).sort()).toEqual(['Audrey Hepburn', '宮崎駿']);
    await server.rows(
      `INSERT INTO movie_people (movie_id, person_id, role, by_movie)
       SELECT movies.id, people.id, role, '{}' FROM movies, people, unnest(ARRAY['DIRECTOR', 'ACTOR']) AS role
       WHERE movies.slug = CASE role WHEN 'DIRECTOR' THEN 'up-2009' ELSE 'mulan-1998' END
       AND people.slug = 'krzysztof-kieslowski'`,
    );
    for (const director of ['krzysztof-kieslowski', 'Krzysztof Kieślowski', 'KRZYSZTOF KIESLOWSKI'])
      expect(await titles({ director })).toEqual(['Up']);
    expect(await titles({ director: 'krzysztof-kieslowski', genre: 'drama' })).toEqual([]);
    expect(await titles({ director: 'nobody' })).toEqual([]);
    for (const query of [
      { locale: 'pl-PL' },
      { tone: 'modern' },
      { locale: 'pl-PL', context_tag: 'modern' },
    ] as Query[])
      expect((await search('movies', query)).total_results).toBe(FILMS.length);
    for (const query of [{ locale: 'de-DE' }, { tone: 'critical' }, { locale: 'en-US', tone: 'modern' }] as Query[])
      expect(await titles(query)).toEqual([]);
    expect(await titles({ locale: 'pl-PL', q: 'matrix', year_to: 1999 })).toEqual(['The Matrix']);
    await server.rows(`UPDATE movies SET updated_at = now() + interval '1 hour' WHERE slug = 'mulan-1998'`);
    const soon = new Date(Date.now() + 1_800_000).toISOString();
    expect(await titles({ updated_since: soon })).toEqual(['Mulan']);
    expect((await search('movies', { updated_since: '1h' })).total_results).toBe(FILMS.length);
    await server.rows(`UPDATE movies SET updated_at = now() WHERE slug = 'mulan-1998'`);
  });

  it('sorts by title, by year and by the last change, a search as well', async () => {
    const all = await titles({ per_page: 100, sort: 'title' });
    const bases = new Map(FILMS.map(([, base, title]) => [title, base]));
    expect(all).toHaveLength(FILMS.length);
    expect(all.map((title) => bases.get(title)!)).toEqual([...bases.values()].sort());
    const years = new Map(FILMS.map(([, , title, year]) => [title, year ?? 0]));
    const byYear = (await titles({ per_page: 100, sort: 'year' })).map((title) => years.get(title)!);
    expect(byYear).toEqual([...byYear].sort((one, other) => other - one));
    expect(await titles({ q: 'amelie', sort: 'year' })).toEqual(['Amélie', 'Le Destin d’Amélie Poulain', 'Amelie']);
    expect(await titles({ q: 'matrix', sort: 'title', per_page: 1 })).toEqual(['The Matrix']);
    expect(await titles({ sort: 'updated' })).toEqual(await titles({}));
    expect((await names({ sort: 'title' }))[0]).toBe('Audrey Hepburn');
    expect((await names({ sort: 'year' }))[0]).toBe('Audrey Tautou');
  });

  it('answers what is named by ids and slugs, in their order, and says which there are not', async () => {
    const { results: some } = await search('movies', { sort: 'title', per_page: 3 });
    const ids = some.map(({ id }) => id).reverse();
    const none = 'ffffffff-0000-7000-8000-000000000000';
    const slugs = ['known-from-a-cast', 'no-such-film-1900', 'up-2009', 'the-matrix', 'up-2009'];
    const page = await search('movies', { ids: [...ids, none].join(','), slugs: slugs.join(','), per_page: 1 });
    expect(page.results.map(({ slug }) => slug)).toEqual([
      ...some.map(({ slug }) => slug).reverse(),
      'known-from-a-cast',
      'up-2009',
      'the-matrix-1999',
    ]);
    expect(page).toMatchObject({ page: 1, per_page: 100, total_results: 6, unknown: [none, 'no-such-film-1900'] });
    const named = { slugs: 'up-2009,mulan-1998,known-from-a-cast' };
    expect(await titles({ ...named, has_text: 'true' })).toEqual(['Up', 'Mulan']);
    expect(await titles({ ...named, year_to: 2000 })).toEqual(['Mulan']);
    expect(await titles({ ...named, sort: 'title' })).toEqual(['Known From a Cast', 'Mulan', 'Up']);
    expect(await titles({ ...named, q: 'mulan' })).toEqual(['Mulan']);
    expect('unknown' in (await search('movies', {}))).toBe(false);
    const hundred = Array.from({ length: 100 }, (_, n) => `nothing-${n}`);
    expect((await search('people', { slugs: hundred.join(',') })).unknown).toEqual(hundred);
    await server.rows(
      `INSERT INTO movie_slugs (movie_id, slug) SELECT id, 'above-2009' FROM movies WHERE slug = 'up-2009'`,
    );
    expect(await titles({ slugs: 'above-2009' })).toEqual(['Up']);
  });

  it('pages through everything once, in one order, with the same total on every page', async () => {
    for (const query of [{}, { q: 'amelie' }, { q: 'the matrix' }, { year: 2001 }] as Query[]) {
      const whole = await search('movies', { ...query, per_page: 100 });
      expect(whole.total_results).toBe(whole.results.length);
      const seen = [];
      for (let page = 1; page <= whole.total_results + 1; page++) {
        const one = await search('movies', { ...query, page, per_page: 1 });
        const { total_results } = whole;
        expect(one).toMatchObject({ page, per_page: 1, total_results, total_pages: total_results });
        seen.push(...one.results);
      }
      expect(seen).toEqual(whole.results);
    }
    expect((await search('movies', {})).total_results).toBe(FILMS.length);
  });

  it('lists what has a text, and what is only mentioned when asked for it: lists, pages, totals and searches', async () => {
    const [mentioned, castOnly] = MENTIONED.map(([, , title]) => title);
    for (const q of [{}, { q: 'the matrix' }, { year: 1999 }, { genre: 'science-fiction' }] as Query[]) {
      const [written, all] = [
        await titles({ ...q, per_page: 100 }),
        await titles({ ...q, has_text: 'true', per_page: 100 }),
      ];
      expect(written).toEqual(all);
      expect(written).toContain('The Matrix');
      expect(written).not.toContain(mentioned);
      const rest = await titles({ ...q, has_text: 'false' });
      expect(rest).toContain(mentioned);
      expect(rest).not.toContain('The Matrix');
    }
    expect(await search('movies', { has_text: 'false', per_page: 1 })).toMatchObject({
      total_results: 2,
      total_pages: 2,
    });
    expect(await titles({ q: 'known from', has_text: 'false' })).toEqual([castOnly]);
    expect((await search('people', {})).total_results).toBe(PEOPLE.length);
    expect(await names({ year: 1929 })).toEqual(['Audrey Hepburn']);
    expect(await names({ q: 'audrey', has_text: 'false' })).toEqual(['Audrey Mentioned']);
    expect((await search('people', { has_text: 'false' })).total_results).toBe(1);
    for (const wrong of ['has_text=1', 'has_text=', 'has_text=TRUE', 'has_text=true&has_text=false', 'has_text=null'])
      for (const path of ['/movies', '/people']) {
        const { status, body } = await server.get<{ errors: { pointer: string }[] }>(`${path}?${wrong}`);
        expect([wrong, status, body.errors.map(({ pointer }) => pointer)]).toEqual([wrong, 422, ['/has_text']]);
      }
  });

  it('lists a film from its first text on, and not any more without its last', async () => {
    const listed = async () => (await titles({ q: 'dumbo' })).length;
    const [film] = await server.rows<{ id: string }>(
      `INSERT INTO movies (id, slug, title_slug, title) VALUES (gen_random_uuid(), 'dumbo', 'dumbo', 'Dumbo') RETURNING id`,
    );
    const seen = [await listed()];
    for (const version of [1, 2]) {
      await server.rows(
        `INSERT INTO movie_descriptions (id, movie_id, locale, context_tag, version, text, origin, ai_model)
         VALUES (gen_random_uuid(), $1, 'en-US', 'DEFAULT', $2, 'Text', 'GENERATED', 'test')`,
        [film!.id, version],
      );
      seen.push(await listed());
    }
    for (const version of [2, 1]) {
      await server.rows('DELETE FROM movie_descriptions WHERE movie_id = $1 AND version = $2', [film!.id, version]);
      seen.push(await listed());
    }
    await server.rows('DELETE FROM movies WHERE id = $1', [film!.id]);
    expect(seen).toEqual([0, 1, 1, 1, 0]);
  });

  it('reads a page and a total of many films from an index, not the table', async () => {
    const many = await server.rows<{ id: string }>(
      `INSERT INTO movies (id, slug, title_slug, title, has_text, updated_at)
       SELECT gen_random_uuid(), 'many-' || n || 'x', 'many-' || n || 'x', 'Many', n % 3 = 0, now() - n * interval '1 s'
       FROM generate_series(1, 20000) AS n RETURNING id`,
    );
    await server.rows('VACUUM ANALYZE movies');
    /** The index that finds the rows, or how the table is read instead. */
    const planOf = async ({ text, values }: { text: string; values: unknown[] }) => {
      const plan = JSON.stringify(await server.rows(`EXPLAIN (FORMAT JSON) ${text}`, values));
      const [, index] = /"Node Type":"Index Only Scan".*?"Index Name":"(\w+)"/.exec(plan) ?? [];
      return /Seq Scan[^}]*"movies"/.test(plan) ? plan : index;
    };
    const query = { page: 3, per_page: 20 };
    for (const has_text of [true, false]) {
      const list = moviesOf({ ...query, has_text });
      const indexes = [await planOf(pageStatement(list, query)), await planOf(countStatement(list))];
      expect([has_text, ...indexes]).toEqual([has_text, 'movies_listed', 'movies_counted']);
      expect(await planOf(countStatement(moviesOf({ ...query, has_text, year: 1999 })))).toBe('movies_by_year');
    }
    await server.rows('DELETE FROM movies WHERE id = ANY($1)', [many.map(({ id }) => id)]);
  });

  it('answers an empty page where there is nothing, and beyond the end', async () => {
    const nothing = { page: 1, per_page: 20, total_pages: 0, total_results: 0, results: [] };
    expect(await search('movies', { q: 'nothing like it anywhere' })).toEqual(nothing);
    expect(await search('people', { year: 1850 })).toEqual(nothing);
    expect(await search('movies', { q: 'amelie', page: 1_000_000, per_page: 100 })).toEqual({
      page: 1_000_000,
      per_page: 100,
      total_pages: 1,
      total_results: 3,
      results: [],
    });
    expect(await search('people', { page: 2 })).toMatchObject({ total_results: PEOPLE.length, results: [] });
  });

  const NAMES = Array.from({ length: 101 }, (_, n) => `film-${n}`).join(',');
  it.each([
    ['sort=best', '/sort'],
    ['include=bio', '/include'],
    ['year_from=2000&year_to=1999', '/year_to'],
    ['year_from=0', '/year_from'],
    ['release_year=1999&year=2000', '/release_year'],
    ['release_year=1887', '/release_year'],
    ['context_tag=modern&tone=critical', '/tone'],
    ['tone=sad', '/tone'],
    ['locale=pl', '/locale'],
    ['updated_since=yesterday', '/updated_since'],
    ['ids=1', '/ids'],
    ['ids=', '/ids'],
    ['slugs=Up', '/slugs'],
    ['slugs=up-2009,', '/slugs'],
    [`slugs=${NAMES}`, '/slugs'],
    [`slugs=${NAMES.slice(0, -9)}&ids=ffffffff-0000-7000-8000-000000000000`, '/slugs'],
    ['slugs=up-2009&page=2', '/page'],
    ['director=', '/director'],
    ['birth_year=1999', '/birth_year'],
  ])('refuses %s and names the field', async (query, pointer) => {
    const { status, body } = await server.get<{ errors: { pointer: string }[] }>(`/movies?${query}`);
    expect([status, body.errors.map((error) => error.pointer)]).toEqual([422, [pointer]]);
  });

  it.each(['page=0', 'page=-1', 'page=1000001', 'page=1.5', 'per_page=0', 'per_page=101', 'per_page=x', 'year=1887'])(
    'refuses %s and names it',
    async (query) => {
      const { status, body } = await server.get<{ errors: { pointer: string }[] }>(`/movies?${query}`);
      expect([status, body.errors.map(({ pointer }) => pointer)]).toEqual([422, [`/${query.split('=')[0]}`]]);
    },
  );

  const SIGNS = `a%|_____a|%_%a|\\a|a'|a"|it's|a\\|$1|a ? b|:a|a & b !c:*|<-> a|a,b)|%|_|'|\\|' OR 1=1 --`.split('|');
  const LONG = ['x', '千', 'ﷺ', 'ß'].map((sign) => sign.repeat(200));
  const RARE = ['ab '.repeat(66), '𠮷', 'π', '½', '١٩٨٤', '🎬 film', '🎬', '\u0000', '\u202e', 'a\nb'];

  it('bears any text: what cannot be a name is refused by name, everything else is looked for', async () => {
    for (const q of [...SIGNS, ...LONG, ...RARE]) {
      for (const path of ['movies', 'people']) {
        const { status, body } = await server.get<Page & { errors?: { pointer: string }[] }>(
          `/${path}?q=${encodeURIComponent(q)}`,
        );
        const named = body.errors?.map(({ pointer }) => pointer);
        expect([q, status, named]).toEqual(named ? [q, 422, ['/q']] : [q, 200, undefined]);
      }
    }
    expect(await titles({ q: 'm%x' })).not.toContain('The Matrix');
    expect(await titles({ q: 'm_trix reloaded' })).toEqual(['The Matrix Reloaded']);
  });
});
