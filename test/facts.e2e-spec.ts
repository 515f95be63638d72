import { slugOf } from '../src/domain/slug.js';
import { StubModel } from './support/model/stub-model.js';
import { TestServer } from './support/server/server.js';

interface Person {
  id: string;
  slug: string;
  name: string;
  role: string;
  character_name: string | null;
}

interface Movie {
  id: string;
  slug: string;
  title: string;
  title_localized: string | null;
  original_title: string | null;
  other_titles: string[];
  release_year: number | null;
  director: string | null;
  directors: { slug: string; name: string }[];
  genres: string[];
  genre_slugs: string[];
  external_ids: { imdb: string | null; tmdb: number | null };
  description: { text: string; locale: string; context_tag: string } | null;
  people: Person[];
}

const actor = (name: string, character_name: string | null = null) => ({ name, role: 'ACTOR', character_name });

describe('facts and texts', () => {
  let server: TestServer;
  let model: StubModel;

  beforeAll(async () => {
    model = await StubModel.start();
    server = await TestServer.start(model.settings);
  });

  afterAll(async () => {
    await server.stop();
    await model.stop();
  });

  const movie = async (address: string) => (await server.get<Movie>(`/movies/${address}`)).body;
  const schemas = (subject: string) =>
    model.callsFor(subject).map(({ request }) => request.response_format.json_schema.name);

  describe('of a film that is known', () => {
    const TITLE = 'Known Well';
    const SLUG = 'known-well-1990';
    const request = { title: TITLE, release_year: 1990 };

    it('are asked for once: another locale, another tone and once more cost a text alone', async () => {
      await server.generate('movies', request);
      const first = await movie(SLUG);
      // What a text alone is answered with beyond it does not fit, let alone change a fact.
      for (const more of [{ locale: 'pl-PL' }, { context_tag: 'humorous' }, {}])
        expect(await server.generate('movies', { ...request, ...more })).toMatchObject({
          status: 'DONE',
          usage: { calls: 1 },
        });
      expect(schemas(TITLE)).toEqual(['movie', 'movie_text', 'movie_text', 'movie_text']);
      const { title, director, directors, genre_slugs, people, release_year } = first;
      expect(await movie(SLUG)).toMatchObject({ title, director, directors, genre_slugs, people, release_year });
      const [, second] = model.callsFor(TITLE);
      expect(second!.request.messages.at(-1)!.content).toContain('Dana Director');
    });

    it('names its genres in the locale that is served, by the same slugs', async () => {
      expect(await movie(`${SLUG}?locale=pl-PL`)).toMatchObject({
        genres: ['Dramat', 'Science fiction'],
        genre_slugs: ['drama', 'science-fiction'],
      });
      for (const genre of ['drama', 'Dramat', 'DRAME'])
        expect(
          (await server.get<{ total_results: number }>(`/movies?genre=${genre}&q=known+well`)).body.total_results,
        ).toBe(1);
    });

    it('are all asked for again where the request says so', async () => {
      model.script(TITLE, { kind: 'answer', output: { directors: ['New One', 'New Two'], genres: ['war'] } });
      await server.generate('movies', { ...request, refresh_facts: true });
      expect(schemas(TITLE).at(-1)).toBe('movie');
      const film = await movie(SLUG);
      expect(film).toMatchObject({ director: 'New One, New Two', genre_slugs: ['war'] });
      expect(film.directors.map(({ name }) => name)).toEqual(['New One', 'New Two']);
    });
  });

  describe('the title in the language of the text', () => {
    const TITLE = 'Known Abroad';
    const SLUG = 'known-abroad-1990';
    const LOCAL = 'Znany za granicą';
    const request = { title: TITLE, release_year: 1990 };
    const listed = async (query: string) => {
      const { body } = await server.get<{ results: Movie[] }>(`/movies?${query}`);
      return body.results.map(({ slug, title_localized }) => [slug, title_localized]);
    };

    it('is kept by language, and shown with the text of that language', async () => {
      await server.generate('movies', request);
      const first = await movie(SLUG);
      expect(first.title_localized).toBeNull();
      model.script(TITLE, { kind: 'answer', output: { title_localized: ` ${LOCAL} (1990)` } });
      await server.generate('movies', { ...request, locale: 'pl-PL' });
      expect(await movie(`${SLUG}?locale=pl-PL`)).toMatchObject({ title: TITLE, title_localized: LOCAL });
      const { title, title_localized, other_titles, directors } = await movie(SLUG);
      expect({ title, title_localized, other_titles, directors }).toEqual({
        title: TITLE,
        title_localized: null,
        other_titles: [],
        directors: first.directors,
      });
      // No French text: the English one is served.
      expect((await movie(`${SLUG}?locale=fr-FR`)).title_localized).toBeNull();
    });

    it('is shown in lists, and finds the film in search, as a slug and in requests', async () => {
      for (const more of ['', '&include=description'])
        expect(await listed(`q=znany+za+granica&locale=pl-PL${more}`)).toEqual([[SLUG, LOCAL]]);
      expect(await listed('q=znany+za+granica')).toEqual([[SLUG, null]]);
      expect((await movie('znany-za-granica-1990')).slug).toBe(SLUG);
      model.script(LOCAL, { kind: 'answer', output: { same: true } });
      for (const locale of ['de-DE', 'fr-FR']) {
        const again = await server.generate('movies', { title: LOCAL, release_year: 1990, locale });
        expect(again).toMatchObject({ status: 'DONE', slug: SLUG });
      }
      // What a text alone says is asked about once.
      expect(schemas(LOCAL)).toEqual(['identity', 'movie_text', 'movie_text']);
    });

    it.each([
      { title: 'Cudzy Pierwszy', release_year: 1991 },
      { title: 'Cudzy Drugi' },
      { title: 'Cudzy Trzeci', slug: 'cudzy-trzeci' },
    ])('finds no text for the film that really has it: %j', async ({ title, slug, ...more }) => {
      const own = `Owner of ${title}`;
      const crew = { directors: ['Same Maker'], release_year: 1991 };
      model.script(own, { kind: 'answer', output: crew });
      await server.generate('movies', { title: own, release_year: 1991 });
      model.script(own, { kind: 'answer', output: { title_localized: title } });
      await server.generate('movies', { title: own, release_year: 1991, locale: 'pl-PL' });
      expect((await movie(`owner-of-${slugOf(title, 1991)}?locale=pl-PL`)).title_localized).toBe(title);

      const found = { title: `Really ${title}`, original_title: title, ...crew };
      const words = slug ?? title;
      model.script(words, { kind: 'answer', output: { same: false } }, { kind: 'answer', output: found });
      const reused = await server.post('/movies/generate', {
        ...(slug ? { slug } : { title, ...more }),
        if_exists: 'reuse',
      });
      const job = await server.finished(reused.body.job_id);
      expect(job).toMatchObject({ status: 'DONE', slug: slugOf(`Really ${title}`, 1991) });
      expect(schemas(words)).toEqual(['identity', 'movie']);
    });

    it('finds the film until another one is told', async () => {
      for (const title_localized of ['Bekannt', 'Weltbekannt']) {
        model.script(TITLE, { kind: 'answer', output: { title_localized } });
        await server.generate('movies', { ...request, locale: 'de-DE' });
        expect((await movie(`${title_localized.toLowerCase()}-1990?locale=de-DE`)).title_localized).toBe(
          title_localized,
        );
      }
      expect((await server.get('/movies/bekannt-1990')).status).toBe(404);
    });

    it.each([{}, 7, true, ['a', 'b'], 'N/A', '', undefined])('fails no text where it is %j', async (odd) => {
      model.script(TITLE, { kind: 'answer', output: { title_localized: odd } });
      expect(await server.generate('movies', request)).toMatchObject({ status: 'DONE', usage: { calls: 1 } });
      expect((await movie(`${SLUG}?locale=pl-PL`)).title_localized).toBe(LOCAL);
    });

    it.each(['Brak polskiego tytułu', 'Known Abroad 2'])('is kept where this stands: %s', async (none) => {
      model.script(TITLE, { kind: 'answer', output: { title_localized: none } });
      await server.generate('movies', { ...request, locale: 'pl-PL' });
      expect((await movie(`${SLUG}?locale=pl-PL`)).title_localized).toBe(LOCAL);
    });

    it('proves nothing: what is answered under another title is asked about', async () => {
      const output = { title: 'Something Different', title_localized: 'Asked Plainly' };
      model.script('Asked Plainly', { kind: 'answer', output }, { kind: 'answer', output: { same: true } });
      await server.generate('movies', { title: 'Asked Plainly', release_year: 1999 });
      expect(schemas('Asked Plainly')).toEqual(['movie', 'identity']);
    });
  });

  describe('the slug of a name in another script', () => {
    const NAME = '黒澤明';
    const LATIN = 'Akira Kurosawa';
    const SLUG = 'akira-kurosawa-1910';
    const person = async (address: string) => (await server.get<Person>(`/people/${address}`)).body;

    it('is that of the first whole name in Latin letters, and what it would have been leads there', async () => {
      model.script(NAME, { kind: 'answer', output: { other_names: ['Tenno', LATIN, 'Kurosawa Akira'] } });
      const job = await server.generate('people', { name: NAME, birth_year: 1910 });
      expect(job).toMatchObject({ slug: SLUG, requested_slug: slugOf(NAME, 1910), result: { slug: SLUG } });
      expect(await person(SLUG)).toMatchObject({ name: NAME, slug: SLUG });
      for (const address of [slugOf(NAME, 1910), slugOf(NAME, null), 'akira-kurosawa', 'kurosawa-akira-1910'])
        expect((await person(address)).slug).toBe(SLUG);
      const { body } = await server.get<{ results: Person[] }>(`/people?slugs=${slugOf(NAME, 1910)}`);
      expect(body.results.map(({ slug }) => slug)).toEqual([SLUG]);
    });

    it('is one of one person, by whichever of the names was asked', async () => {
      const again = await server.generate('people', { name: LATIN, birth_year: 1910 });
      expect(again).toMatchObject({ slug: SLUG, result: { version: 2 } });
      const reused = await server.post('/people/generate', { name: NAME, birth_year: 1910, if_exists: 'reuse' });
      expect([reused.status, reused.body.slug]).toEqual([200, SLUG]);
    });

    it('is one of one person who is asked for by both names at once', async () => {
      const told = (name: string, other: string) => ({
        kind: 'answer' as const,
        output: { name, other_names: [other] },
      });
      model.script('小津安二郎', told('小津安二郎', 'Yasujirō Ozu'));
      model.script('Yasujiro Ozu', told('Yasujirō Ozu', '小津安二郎'));
      const jobs = await Promise.all(
        ['小津安二郎', 'Yasujiro Ozu'].map((name) => server.generate('people', { name, birth_year: 1903 })),
      );
      expect(jobs.map(({ slug }) => slug)).toEqual(['yasujiro-ozu-1903', 'yasujiro-ozu-1903']);
      expect(new Set(jobs.map(({ result }) => result!.id)).size).toBe(1);
    });

    it('gets the suffix of a twin where another one has it', async () => {
      await server.generate('movies', { title: 'Ran', release_year: 1985 });
      const output = { directors: [LATIN], original_title: '乱', other_titles: ['Ran'] };
      model.script('乱', { kind: 'answer', output });
      const job = await server.generate('movies', { title: '乱', release_year: 1985, director: LATIN });
      expect(job.slug).toBe('ran-1985-akira-kurosawa');
      expect((await movie('ran-1985')).title).toBe('Ran');
      expect((await movie(slugOf('乱', 1985))).slug).toBe(job.slug);
    });

    it('is that of the title that is told of a film which was asked for by its slug', async () => {
      const output = { title: '七人の侍', original_title: '七人の侍', other_titles: ['Seven Samurai'] };
      model.script('seven-samurai-1954', { kind: 'answer', output });
      const job = await server.generate('movies', { slug: 'seven-samurai-1954' });
      expect(job).toMatchObject({ status: 'DONE', slug: 'seven-samurai-1954' });
      expect(await movie(slugOf('七人の侍', 1954))).toMatchObject({ title: '七人の侍', slug: job.slug });
    });

    it('stays as it was where it has been known by it', async () => {
      const former = slugOf('溝口健二', 1898);
      const request = { name: '溝口健二', birth_year: 1898 };
      expect((await server.generate('people', request)).slug).toBe(former);
      model.script('溝口健二', { kind: 'answer', output: { other_names: ['Kenji Mizoguchi'] } });
      expect((await server.generate('people', { ...request, refresh_facts: true })).slug).toBe(former);
      expect((await person('kenji-mizoguchi-1898')).slug).toBe(former);
    });
  });

  it('keeps nobody where a name is missing, and both of two directors', async () => {
    const output = {
      directors: ['The Wachowskis', 'Lana Wachowski', 'Lilly Wachowski', 'Unknown'],
      cast: [
        actor('Uncredited'),
        actor('Keanu Reeves', 'Neo'),
        actor('N/A'),
        actor('TBD'),
        actor('Hugo Weaving', 'Unknown'),
      ],
    };
    model.script('Nobody In It', { kind: 'answer', output });
    await server.generate('movies', { title: 'Nobody In It', release_year: 1999 });
    const film = await movie('nobody-in-it-1999');
    expect(film.director).toBe('Lana Wachowski, Lilly Wachowski');
    expect(film.people.map(({ name, role, character_name }) => [name, role, character_name])).toEqual([
      ['Keanu Reeves', 'ACTOR', 'Neo'],
      ['Hugo Weaving', 'ACTOR', null],
      ['Lana Wachowski', 'DIRECTOR', null],
      ['Lilly Wachowski', 'DIRECTOR', null],
    ]);
  });

  it('keeps no title and no name that stands for none, so that two films do not share one', async () => {
    const output = { original_title: 'N/A', other_titles: ['Unknown', '-', 'Tytuł'], directors: [] };
    for (const title of ['No Other Title', 'None Either']) {
      model.script(title, {
        kind: 'answer',
        output: { ...output, other_titles: [...output.other_titles, `Od ${title}`] },
      });
      await server.generate('movies', { title, release_year: 1987 });
    }
    expect(await movie('no-other-title-1987')).toMatchObject({
      original_title: null,
      other_titles: ['Od No Other Title', 'Tytuł'],
    });
    model.script('No Other Name', { kind: 'answer', output: { other_names: ['Unknown', 'N/A', 'Norman Name'] } });
    await server.generate('people', { name: 'No Other Name' });
    expect((await server.get('/people/no-other-name-1964')).body).toMatchObject({ other_names: ['Norman Name'] });
  });

  it('keeps a list that is known where one that is told anew is empty', async () => {
    const request = { title: 'Told Anew', release_year: 1988 };
    await server.generate('movies', request);
    const before = await movie('told-anew-1988');
    const nothing = { directors: [], genres: [], cast: [] };
    model.script('Told Anew', { kind: 'answer', output: nothing });
    await server.generate('movies', { ...request, refresh_facts: true });
    const { people, directors, genre_slugs } = before;
    expect(await movie('told-anew-1988')).toMatchObject({ people, directors, genre_slugs, director: 'Dana Director' });
    model.script('Told Anew', { kind: 'answer', output: { ...nothing, cast: [actor('Somebody Else')] } });
    await server.generate('movies', { ...request, refresh_facts: true });
    expect((await movie('told-anew-1988')).people.map(({ name }) => name).sort()).toEqual([
      'Dana Director',
      'Somebody Else',
    ]);
  });

  it('gives a person every character and every part', async () => {
    const cast = [
      actor('Peter Many', 'One'),
      actor('Peter Many', 'Two'),
      { name: 'Peter Many', role: 'WRITER', character_name: null },
    ];
    model.script('Many Parts', { kind: 'answer', output: { cast, directors: ['Peter Many'] } });
    await server.generate('movies', { title: 'Many Parts', release_year: 1964 });
    const { people } = await movie('many-parts-1964');
    expect(people.map(({ slug, role, character_name }) => [slug, role, character_name])).toEqual([
      ['peter-many', 'ACTOR', 'One'],
      ['peter-many', 'ACTOR', 'Two'],
      ['peter-many', 'WRITER', null],
      ['peter-many', 'DIRECTOR', null],
    ]);
  });

  it('writes the facts of what was only mentioned with its first text', async () => {
    await server.generate('people', { name: 'Mentioning Person' });
    const before = await movie('known-film-2001');
    expect(before).toMatchObject({ director: null, genre_slugs: [], description: null });
    expect(await server.generate('movies', { slug: 'known-film-2001' })).toMatchObject({
      status: 'DONE',
      slug: 'known-film-2001',
    });
    expect(schemas('Known Film')).toEqual(['movie']);
    expect(await movie('known-film-2001')).toMatchObject({ id: before.id, director: 'Dana Director' });
  });

  it('keeps a birth that is known to the year', async () => {
    model.script('Born Sometime', { kind: 'answer', output: { birth_date: null, birth_year: 1931 } });
    await server.generate('people', { name: 'Born Sometime' });
    expect((await server.get('/people/born-sometime-1931')).body).toMatchObject({ birth_year: 1931, birth_date: null });
  });

  it('serves the oldest text where there is none of en-US and DEFAULT', async () => {
    const request = { title: 'Oldest First', release_year: 1991 };
    for (const more of [{ locale: 'pl-PL', context_tag: 'modern' }, { locale: 'de-DE' }, { context_tag: 'critical' }])
      await server.generate('movies', { ...request, ...more });
    expect(await movie('oldest-first-1991')).toMatchObject({ description: { locale: 'pl-PL', context_tag: 'modern' } });
    expect(await movie('oldest-first-1991?locale=fr-FR')).toMatchObject({ description: { locale: 'pl-PL' } });
    expect(await movie('oldest-first-1991?locale=de-DE&context_tag=modern')).toMatchObject({
      description: { locale: 'de-DE' },
    });
  });

  describe('of a film with several titles', () => {
    const output = {
      title: 'The Redemption of Shaw',
      original_title: 'Shaw’s Redemption',
      other_titles: ['Skazani na Shaw', 'ショーの空に'],
      release_year: 1994,
    };
    const names = ['Skazani na Shaw', 'Shaw’s Redemption', 'The Redemption of Shaw', 'ショーの空に'];

    it('is one film, under each of them', async () => {
      const ids = new Set<string>();
      for (const title of names) {
        model.script(title, { kind: 'answer', output });
        const job = await server.generate('movies', { title, release_year: 1994 });
        expect(job).toMatchObject({ status: 'DONE', slug: 'the-redemption-of-shaw-1994' });
        ids.add(job.result!.id);
      }
      expect(ids.size).toBe(1);
      expect(await movie('the-redemption-of-shaw')).toMatchObject({
        original_title: output.original_title,
        other_titles: output.other_titles,
      });
    });

    it.each(['skazani-na-shaw-1994', 'skazani-na-shaw', 'shaws-redemption-1994', 'the-redemption-of-shaw'])(
      'is answered by GET /movies/%s, with the main slug in it',
      async (slug) => expect(await movie(slug)).toMatchObject({ slug: 'the-redemption-of-shaw-1994' }),
    );

    it.each(['skazani', 'Redemption', 'ショー', 'skazani na shav'])('is found by %s', async (q) => {
      const { body } = await server.get<{ results: Movie[] }>(`/movies?q=${encodeURIComponent(q)}`);
      expect(body.results.map(({ slug }) => slug)).toContain('the-redemption-of-shaw-1994');
    });

    it('is found under the year that was asked for, when that was off by one', async () => {
      model.script('Off By One', { kind: 'answer', output: { release_year: 1942 } });
      const job = await server.generate('movies', { title: 'Off By One', release_year: 1943 });
      expect(job).toMatchObject({ status: 'DONE', requested_slug: 'off-by-one-1943', slug: 'off-by-one-1942' });
      for (const slug of ['off-by-one-1943', 'off-by-one-1942', 'off-by-one'])
        expect(await movie(slug)).toMatchObject({ slug: 'off-by-one-1942' });
      expect(await server.generate('movies', { title: 'Off By One', release_year: 1943 })).toMatchObject({
        slug: 'off-by-one-1942',
        result: { version: 2 },
      });
    });
  });

  describe('of twins', () => {
    it('are kept apart by the directors, asked for at once', async () => {
      const request = { title: 'Twin Film', release_year: 2013 };
      const ask = (director: string) => server.post('/movies/generate', { ...request, director });
      const accepted = await Promise.all([ask('Ada First'), ask('Bea Second')]);
      expect(accepted[0].body.job_id).not.toBe(accepted[1].body.job_id);
      const jobs = await Promise.all(accepted.map(({ body }) => server.finished(body.job_id)));
      expect(jobs.map(({ status }) => status)).toEqual(['DONE', 'DONE']);
      expect(new Set(jobs.map(({ result }) => result!.id)).size).toBe(2);
      const slugs = jobs.map(({ slug }) => slug!);
      expect(slugs).toContain('twin-film-2013');
      expect(slugs.some((slug) => /^twin-film-2013-(ada-first|bea-second)$/.test(slug))).toBe(true);
      for (const [n, director] of ['Ada First', 'Bea Second'].entries()) {
        expect(await movie(slugs[n]!)).toMatchObject({ director, slug: slugs[n] });
        // Asked for again each is itself, and known.
        const again = await server.generate('movies', { ...request, director });
        expect(again.result).toMatchObject({ id: jobs[n]!.result!.id, version: 2 });
      }
    });

    it('whose titles differ by signs only are two, asked for at once: the directors decide', async () => {
      model.script('+1', { kind: 'answer', output: { directors: ['Plus Maker'] } });
      model.script('1', { kind: 'answer', output: { directors: ['Plain Maker'] } });
      const ask = (title: string) => server.post('/movies/generate', { title, release_year: 2013 });
      const accepted = await Promise.all([ask('+1'), ask('1')]);
      expect(accepted[0].body.job_id).not.toBe(accepted[1].body.job_id);
      const [plus, plain] = await Promise.all(accepted.map(({ body }) => server.finished(body.job_id)));
      expect([plus!.status, plain!.status]).toEqual(['DONE', 'DONE']);
      expect([plus!.requested_slug, plain!.requested_slug]).toEqual([
        expect.stringMatching(/^1-2013-[\da-f]{16}$/),
        '1-2013',
      ]);
      expect([plus!.slug, plain!.slug]).toContain('1-2013');
      expect(await movie(plus!.slug!)).toMatchObject({ slug: plus!.slug, title: '+1', director: 'Plus Maker' });
      expect(await movie(plain!.slug!)).toMatchObject({ slug: plain!.slug, title: '1', director: 'Plain Maker' });
      // The slug that the request got is an address of its own film, whichever of the two was first.
      expect(await movie(plus!.requested_slug)).toMatchObject({ title: '+1' });
      model.script('1!', { kind: 'answer', output: { directors: ['Plain Maker'], title: '1' } });
      const same = await server.generate('movies', { title: '1!', release_year: 2013 });
      expect(same.result!.id).toBe(plain!.result!.id);
    });

    it('are told where a title and a year mean both', async () => {
      const request = { title: 'Twin Film', release_year: 2013 };
      const job = await server.generate('movies', request);
      expect(job).toMatchObject({ status: 'FAILED', error: { type: 'AMBIGUOUS' }, usage: null });
      const slugs = job.error!.suggestions!.map(({ slug }) => slug);
      expect(slugs).toEqual(expect.arrayContaining(['twin-film-2013', expect.stringMatching(/^twin-film-2013-[ab]/)]));
      for (const slug of slugs)
        expect(await server.generate('movies', { slug })).toMatchObject({ status: 'DONE', slug });
      expect(await server.generate('movies', { ...request, if_ambiguous: 'choose' })).toMatchObject({ status: 'DONE' });
    });

    it('are found by what the request said of them, also when a text is to be reused', async () => {
      const request = { title: 'Twin Film', release_year: 2013, if_exists: 'reuse' };
      for (const director of ['Ada First', 'Bea Second']) {
        const { status, body } = await server.post('/movies/generate', { ...request, director });
        expect([status, body.status]).toEqual([200, 'DONE']);
        expect(await movie(body.slug!)).toMatchObject({ director });
        expect(await movie(body.requested_slug)).toMatchObject({ director });
      }
      expect((await server.post('/movies/generate', { ...request, director: 'Cy Third' })).status).toBe(202);
    });

    it('of one name are two people when their full dates of birth differ', async () => {
      const ask = (birth_date: string, external_ids: object) => {
        model.script('Twin Person', { kind: 'answer', output: { birth_date } });
        return server.generate('people', { name: 'Twin Person', birth_year: 1970, external_ids });
      };
      const one = await ask('1970-01-01', { imdb: 'nm0000001' });
      const two = await ask('1970-05-05', { imdb: 'nm0000002' });
      // An id that neither has is not given to the first of them: the date says whose it is.
      expect((await ask('1970-05-05', { tmdb: 2 })).result).toMatchObject({ id: two.result!.id });
      expect([one, two].map(({ result }) => result!.id)).not.toContain(
        (await ask('1970-09-09', { tmdb: 3 })).result!.id,
      );
      expect(two.result!.id).not.toBe(one.result!.id);
      expect((await server.get(`/people/${two.slug}`)).body).toMatchObject({ birth_date: '1970-05-05' });
    });
  });

  it('are asked for by the slug that was suggested, though Latin letters do not tell the title', async () => {
    const output = { title: '影', release_year: 2018, namesakes: [{ title: '影', release_year: 1990 }] };
    model.script('影', { kind: 'answer', output }, { kind: 'answer', output: { title: '影' } });
    const { error } = await server.generate('movies', { title: '影' });
    const [, { slug }] = error!.suggestions! as [unknown, { slug: string }];
    expect(slug).toMatch(/^ying-[\da-f]{16}-1990$/);
    expect(await server.generate('movies', { slug })).toMatchObject({ status: 'DONE', slug });
    const [, { request }] = model.callsFor('影') as [unknown, (typeof model.calls)[number]];
    expect(request.messages.at(-1)!.content).toContain('"title":"影"');
  });

  describe('with ids of others', () => {
    it('are kept, shown and found by them', async () => {
      const external_ids = { imdb: 'tt0133093', tmdb: 603 };
      const job = await server.generate('movies', { title: 'Identified', release_year: 1999, external_ids });
      expect(await movie('identified-1999')).toMatchObject({ external_ids });
      for (const address of ['imdb:tt0133093', 'tmdb:603', job.result!.id])
        expect(await movie(address)).toMatchObject({ slug: 'identified-1999' });
      const person = await server.generate('people', {
        name: 'Identified Person',
        external_ids: { imdb: 'nm0000206' },
      });
      expect((await server.get('/people/imdb:nm0000206')).body).toMatchObject({ id: person.result!.id });
      for (const address of ['/movies/imdb:tt0000000', '/movies/tmdb:1', '/people/tmdb:603', '/movies/imdb:nm0000206'])
        expect([address, (await server.get(address)).status]).toEqual([address, 404]);
    });

    it('are none when they are null', async () => {
      for (const external_ids of [{}, { imdb: null, tmdb: null }, null]) {
        const { body } = await server.post('/movies/generate', { title: 'Identified', external_ids, director: null });
        expect(body.requested_slug).toBe('identified');
        expect(await server.finished(body.job_id)).toMatchObject({ slug: 'identified-1999', status: 'DONE' });
      }
    });

    it('mean the film that has the id, whatever it is called, once the model says so', async () => {
      const before = await movie('identified-1999');
      const request = { title: 'Called Otherwise', external_ids: { tmdb: 603 } };
      const job = await server.generate('movies', request);
      expect(job).toMatchObject({ result: { id: before.id }, usage: { calls: 2 } });
      expect(schemas('Called Otherwise')).toEqual(['identity', 'movie_text']);
      expect(await server.generate('movies', request)).toMatchObject({ status: 'DONE', usage: { calls: 1 } });
      expect(await movie('called-otherwise')).toMatchObject({ id: before.id });
    });

    it('are one film under three names, in whatever order these are asked for', async () => {
      const [imdb, tmdb] = ['tt0068646', 238];
      const of = (title: string, external_ids: object) =>
        server.generate('movies', { title, release_year: 1972, external_ids });
      const known = await of('The Godfather', { imdb, tmdb });
      const sorted = await of('Godfather, The', { imdb });
      const german = await of('Der Pate', { tmdb });
      expect([known, sorted, german].map(({ status }) => status)).toEqual(['DONE', 'DONE', 'DONE']);
      expect(new Set([known, sorted, german].map(({ result }) => result!.id)).size).toBe(1);
      for (const address of ['the-godfather-1972', 'der-pate-1972', 'imdb:tt0068646', 'tmdb:238'])
        expect(await movie(address)).toMatchObject({ id: known.result!.id, external_ids: { imdb, tmdb } });
      const films = await server.rows(`SELECT 1 FROM movies WHERE slug ~ '(godfather|pate)'`);
      expect(films).toHaveLength(1);
    });

    it('that are another film’s are told, and give it neither a text nor a title', async () => {
      const before = await movie('identified-1999');
      const wrong = { title: 'Mistaken', release_year: 1995, external_ids: { tmdb: 603 } };
      const told = (release_year: number | null, slug: string) => ({
        status: 'FAILED',
        error: {
          type: 'AMBIGUOUS',
          retryable: false,
          suggestions: [
            { slug: 'identified-1999', title: 'Identified', release_year: 1999 },
            { slug, title: 'Mistaken', release_year },
          ],
        },
      });
      // The year says so. Without one the model is asked.
      for (const more of [{}, { refresh_facts: true }, { if_exists: 'reuse' }])
        expect(await server.generate('movies', { ...wrong, ...more })).toMatchObject(told(1995, 'mistaken-1995'));
      model.script('Mistaken', { kind: 'answer', output: { same: false } });
      const open = await server.generate('movies', { ...wrong, release_year: null });
      expect(open).toMatchObject(told(null, 'mistaken'));
      expect(schemas('Mistaken')).toEqual(['identity']);
      expect((await server.get('/movies/mistaken')).status).toBe(404);
      expect(await server.generate('movies', { slug: 'mistaken-1995' })).toMatchObject({ slug: 'mistaken-1995' });
      expect((await movie('identified-1999')).description).toEqual(before.description);
    });

    it.each([
      [{ imdb: 'nm0000206' }, '/external_ids/imdb'],
      [{ imdb: 133093 }, '/external_ids/imdb'],
      [{ tmdb: 0 }, '/external_ids/tmdb'],
      [{ tvdb: 1 }, '/external_ids/tvdb'],
      ['tt0133093', '/external_ids'],
    ])('are refused when they are none: %j', async (external_ids, pointer) => {
      const { status, body } = await server.post<{ errors: { pointer: string }[] }>('/movies/generate', {
        title: 'X',
        external_ids,
      });
      expect([status, body.errors.map((error) => error.pointer)]).toEqual([422, [pointer]]);
    });
  });

  describe('of those who are mentioned', () => {
    const person = async (name: string, output: object) => {
      model.script(name, { kind: 'answer', output });
      return (await server.generate('people', { name })).result!.id;
    };
    const film = async (title: string, release_year: number, cast: object[]) => {
      model.script(title, { kind: 'answer', output: { cast } });
      const { slug } = await server.generate('movies', { title, release_year });
      return (await movie(slug!)).people;
    };

    it('join a known person when nothing contradicts it', async () => {
      const id = await person('Fits Well', { birth_date: '1970-01-01', birth_year: 1970 });
      const [credit] = await film('Fits A Film', 2000, [actor('Fits Well', 'Hero')]);
      expect(credit).toMatchObject({ id, character_name: 'Hero' });
    });

    it('do not join one who was born after the film', async () => {
      const id = await person('Born Later', { birth_date: '1990-01-01', birth_year: 1990 });
      const [credit] = await film('Before The Birth', 1960, [actor('Born Later')]);
      expect(credit!.id).not.toBe(id);
    });

    it('take no slug that leads to somebody else', async () => {
      await film('Names Her First', 2001, [actor('Slug Keeper')]);
      const id = await person('Slug Keeper', {
        birth_date: null,
        birth_year: 1970,
        known_for: [{ title: 'Names Her First', release_year: 2001, role: 'ACTOR', character_name: null }],
      });
      const [credit] = await film('Names A Namesake', 1950, [actor('Slug Keeper')]);
      expect(credit!.id).not.toBe(id);
      expect((await server.get('/people/slug-keeper')).body).toMatchObject({ id, slug: 'slug-keeper-1970' });
    });

    it('do not join one whose works are all of another time', async () => {
      const known_for = [1931, 1935, 1940].map((release_year) => ({
        title: `Old Work ${release_year}`,
        release_year,
        role: 'ACTOR',
        character_name: null,
      }));
      const id = await person('Of Old Times', { birth_date: null, birth_year: null, known_for });
      const [credit] = await film('Of New Times', 2015, [actor('Of Old Times')]);
      expect(credit!.id).not.toBe(id);
    });

    it('join none of two of one name, unless the filmography of one has the film', async () => {
      const known_for = [{ title: 'Names Him', release_year: 2005, role: 'ACTOR', character_name: null }];
      const ask = async (birth_year: number, output: object) => {
        model.script('Same Name', { kind: 'answer', output: { birth_date: null, ...output } });
        return (await server.generate('people', { name: 'Same Name', birth_year })).result!.id;
      };
      const ids = [await ask(1960, { known_for }), await ask(1975, {})];
      expect(ids[0]).not.toBe(ids[1]);
      const [apart] = await film('Names Somebody', 2006, [actor('Same Name')]);
      expect(ids).not.toContain(apart!.id);
      const [confirmed] = await film('Names Him', 2005, [actor('Same Name')]);
      expect(confirmed!.id).toBe(ids[0]);
    });

    it('become somebody’s when the filmography confirms it', async () => {
      await person('Confirmed Late', { birth_date: '1980-01-01', birth_year: 1980 });
      const [apart] = await film('Too Early For Him', 1979, [actor('Confirmed Late', 'Baby')]);
      const known = (await server.get('/people/confirmed-late-1980')).body;
      expect(apart!.id).not.toBe(known.id);
      model.script('Confirmed Late', {
        kind: 'answer',
        output: {
          birth_date: '1979-01-01',
          birth_year: 1979,
          known_for: [{ title: 'Too Early For Him', release_year: 1979, role: 'ACTOR', character_name: 'Baby' }],
        },
      });
      await server.generate('people', { name: 'Confirmed Late', refresh_facts: true });
      const { people } = await movie('too-early-for-him-1979');
      expect(people.filter(({ name }) => name === 'Confirmed Late').map(({ id }) => id)).toEqual([known.id]);
      expect((await server.get(`/people/${apart!.slug}`)).body).toMatchObject({ id: known.id });
    });
  });
});
