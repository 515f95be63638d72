import pg from 'pg';
import { describeServer, WITH_MODEL } from './support/server/describe-server.js';

const actor = (name: string) => ({ name, role: 'ACTOR', character_name: null });

describeServer('storing films and people', WITH_MODEL, ({ server, model }) => {
  it('lets films whose cast is known be written while another film with that cast is', async () => {
    await server.generate('movies', { title: 'First Of The Cast', release_year: 2001 });
    const other = new pg.Client({ connectionString: server.config.databaseUrl! });
    await other.connect();
    try {
      // What another film that is being stored holds: its cast, shared; its genres, and links to its people.
      await other.query('BEGIN');
      await other.query(
        `SELECT pg_advisory_xact_lock_shared(hashtextextended('people:' || name_slug, 0)) FROM people ORDER BY name_slug`,
      );
      await other.query(`SELECT id FROM people FOR KEY SHARE`);
      await other.query(
        `INSERT INTO genres (id, slug, name) SELECT id, slug, name FROM genres ON CONFLICT (slug) DO NOTHING`,
      );
      const job = await server.generate('movies', { title: 'Second Of The Cast', release_year: 2002 }, 10_000);
      expect(job.status).toBe('DONE');
    } finally {
      await other.end();
    }
  });

  it('makes each person and each film once, however many name them first at the same time', async () => {
    const known_for = [
      { title: 'Shared Film', release_year: 2003, role: 'ACTOR', character_name: null },
      { title: 'SHARED FILM', release_year: null, role: 'WRITER', character_name: null },
    ];
    const people = Array.from({ length: 12 }, (_, n) => `Shared Person ${n}`);
    const requests = people.map((name, n) => {
      const cast = [...people.slice(n), ...people.slice(0, n), name.toUpperCase()].map(actor);
      model.script(`Sharing ${n}`, {
        kind: 'answer',
        output: { cast, genres: ['western', 'musical', ['war', 'music', 'crime'][n % 3]] },
      });
      model.script(name, { kind: 'answer', output: { known_for: n % 2 ? known_for : known_for.toReversed() } });
      return [
        server.generate('movies', { title: `Sharing ${n}`, release_year: 2003 }),
        server.generate('people', { name }),
      ];
    });
    const jobs = await Promise.all(requests.flat());
    expect(jobs.map(({ status, attempts }) => [status, attempts])).toEqual(jobs.map(() => ['DONE', 1]));
    const named = await server.rows(
      `SELECT name_slug FROM people WHERE name_slug LIKE 'shared-person-%' ORDER BY length(name_slug), name_slug`,
    );
    expect(named).toEqual(people.map((_, n) => ({ name_slug: `shared-person-${n}` })));
    expect(await server.rows(`SELECT slug FROM movies WHERE title_slug = 'shared-film'`)).toHaveLength(1);
    expect(
      await server.rows(
        `SELECT 1 FROM movie_people JOIN movies ON movies.id = movie_id WHERE title_slug = 'shared-film'`,
      ),
    ).toHaveLength(24);
    expect(
      await server.rows(
        `SELECT 1 FROM movie_genres JOIN genres ON genres.id = genre_id WHERE slug IN ('western', 'musical')`,
      ),
    ).toHaveLength(24);
  });

  it.each([
    [
      'movies',
      'title',
      'kept-case-1999',
      { title: 'Kept Case', release_year: 1999 },
      { title: 'KEPT case', director: null },
    ],
    [
      'people',
      'name',
      'kept-name-1964',
      { name: 'Kept Name', birth_year: 1964 },
      { name: 'KEPT name', birthplace: null },
    ],
  ] as const)(
    'keeps in %s a %s and its facts as they were first told, whatever a later answer says',
    async (path, field, slug, request, output) => {
      await server.generate(path, request);
      const first = (await server.get(`/${path}/${slug}`)).body;
      model.script(slug, { kind: 'answer', output });
      expect(await server.generate(path, { slug })).toMatchObject({ status: 'DONE', slug, result: { version: 2 } });
      const second = (await server.get(`/${path}/${slug}`)).body;
      const { director, birthplace, [field]: text } = first;
      expect(second).toMatchObject({ [field]: text, ...(path === 'movies' ? { director } : { birthplace }) });
      const other = path === 'movies' ? 'Kept CASE' : 'Kept NAME';
      expect(await server.generate(path, { ...request, [field]: other })).toMatchObject({ result: { version: 3 } });
      expect((await server.get(`/${path}/${slug}`)).body).toMatchObject({ [field]: text });
    },
  );

  it('spells a film that was only mentioned as the model does when it is first written', async () => {
    const known_for = [{ title: 'amelie in passing', release_year: 2001, role: 'ACTOR', character_name: null }];
    model.script('Mentions It', { kind: 'answer', output: { known_for } });
    await server.generate('people', { name: 'Mentions It' });
    model.script('amelie in passing', { kind: 'answer', output: { title: 'Amélie in Passing' } });
    await server.generate('movies', { slug: 'amelie-in-passing-2001' });
    expect((await server.get('/movies/amelie-in-passing')).body).toMatchObject({ title: 'Amélie in Passing' });
  });
});
