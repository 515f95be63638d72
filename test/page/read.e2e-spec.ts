import type { Page } from 'playwright-core';
import { describeInBrowser } from '../support/browser/chromium.js';
import { openPage, type OpenedPage } from '../support/browser/opened-page.js';
import { makeKey } from '../support/client/keys.js';
import { describeServer } from '../support/server/describe-server.js';
import { TestServer } from '../support/server/server.js';

const MANY = 10_000;
const BAD = `<img src=http://other.example/x onerror=alert(1)><script>alert(2)</script>`;
const GENRE = '<img src=x onerror=alert(3)>';
const REFUSED = /status of (404|409|422)/;
/** What a visitor hardly notices. Source: half of what Web Vitals call good. */
const MOST_SHIFT = 0.05;
const SLOW_MS = 250;

interface Stored {
  locale?: string;
  tone?: string;
  texts: string[];
}

/** A film and the versions of its texts, as they lie in the database. */
async function stored(server: TestServer, slug: string, title: string, variants: Stored[]): Promise<void> {
  const year = Number(slug.slice(-4));
  await server.rows(
    `INSERT INTO movies (id, slug, title_slug, title, release_year)
     VALUES (gen_random_uuid(), $1, left($1, -5), $2, $3)`,
    [slug, title, year],
  );
  for (const { locale = 'en-US', tone = 'DEFAULT', texts } of variants)
    for (const [place, text] of texts.entries())
      await server.rows(
        `INSERT INTO movie_descriptions (id, movie_id, locale, context_tag, version, text, origin, ai_model, created_at)
         SELECT gen_random_uuid(), id, $2::text, $3::text, $4::int, $5::text, 'GENERATED', 'a-model',
           now() - interval '1 hour' + $4::int * interval '1 min' FROM movies WHERE slug = $1`,
        [slug, locale, tone, place + 1, text],
      );
}

const manyFilms = (server: TestServer) =>
  server.rows(
    `WITH films AS (
       INSERT INTO movies (id, slug, title_slug, title, release_year, updated_at)
       SELECT gen_random_uuid(), 'voyage-' || n || '-1950', 'voyage-' || n, 'Voyage ' || n, 1950,
         now() - interval '1 day' - n * interval '1 s' FROM generate_series(1, $1::int) AS n RETURNING id)
     INSERT INTO movie_descriptions (id, movie_id, locale, context_tag, version, text, origin, ai_model)
     SELECT gen_random_uuid(), id, 'en-US', 'DEFAULT', 1, 'A ship leaves.', 'GENERATED', 'a-model' FROM films`,
    [MANY],
  );

describeServer('the view Read', {}, ({ server }) => {
  beforeAll(async () => {
    await manyFilms(server);
    await stored(server, 'the-lighthouse-keeper-2011', 'The Lighthouse Keeper', [
      { texts: ['A keeper counts the ships.', 'A keeper counts the storms.', 'An old keeper counts the storms.'] },
      { locale: 'pl-PL', texts: ['Latarnik liczy statki.'] },
      { locale: 'pl-PL', tone: 'humorous', texts: ['Latarnik gubi okulary.'] },
    ]);
    await stored(server, 'written-twice-2012', 'Written Twice', [{ texts: ['One.', 'Two.'] }]);
    await stored(server, 'gone-soon-2013', 'Gone Soon', [{ texts: ['One.', 'Two.'] }]);
    await server.generate('movies', { title: 'Ferry Home', release_year: 2015 });
  }, 60_000);

  describeInBrowser('in a browser', (started) => {
    let opened: OpenedPage;
    let page: Page;

    const at = async (address: string, expected: RegExp[] = []) => {
      opened = await openPage(started.browser, `${server.url}/#${address}`, { locale: 'en-US' });
      page = opened.page;
      quietBut = expected;
    };
    let quietBut: RegExp[] = [];
    afterEach(async () => {
      try {
        await opened.quiet(...quietBut);
      } finally {
        await opened.close();
      }
    });

    const button = (name: string) => page.getByRole('button', { name, exact: true });
    const within = (name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true });
    const main = () => page.locator('main');
    const says = (text: string | RegExp) => main().getByText(text, { exact: true }).first().waitFor();
    const heading = (name: string) => page.getByRole('heading', { name, level: 1 }).waitFor();
    const tally = (text: string) => page.getByRole('status').getByText(text, { exact: true }).waitFor();

    it('finds with a typo what is meant, keeps what is typed in the address, and offers to ask for what is not there', async () => {
      await at('/films');
      await tally('10,004 films');
      await page.keyboard.press('/');
      await page.keyboard.type('lighthuose keper');
      await tally('1 film for “lighthuose keper”');
      expect(page.url()).toContain('#/films?q=lighthuose+keper');
      await page.reload();
      await page.getByRole('link', { name: 'The Lighthouse Keeper' }).click();
      await heading('The Lighthouse Keeper 2011');
      await page.goBack();
      expect(await page.getByLabel('Title of a film').inputValue()).toBe('lighthuose keper');
      await page.getByLabel('Title of a film').fill('qqqqqq zzz');
      await page.getByLabel('Year', { exact: true }).fill('1931');
      // The address follows what is typed after a moment, and what is offered follows the address.
      await page.waitForURL(/year=1931/);
      await page.getByRole('link', { name: 'Ask for “qqqqqq zzz”' }).click();
      await page.waitForURL(/#\/$/);
      expect(await page.getByLabel('Title').inputValue()).toBe('qqqqqq zzz');
      expect(await page.getByLabel('Year of release').inputValue()).toBe('1931');
    });

    it('says whose facts are shown, in the words that TMDB’s terms ask for', async () => {
      await server.rows(`UPDATE movies SET facts_origin = 'TMDB' WHERE slug = 'written-twice-2012'`);
      await at('/films/written-twice-2012');
      await says(
        'This product uses TMDB and the TMDB APIs but is not endorsed, certified, or otherwise approved by TMDB.',
      );
      await server.rows(`UPDATE movies SET facts_origin = 'MODEL' WHERE slug = 'written-twice-2012'`);
    });

    it('shows the answer to what was typed last, whatever comes late', async () => {
      await at('/films');
      await tally('10,004 films');
      let late: Promise<unknown> = Promise.resolve();
      await page.route(/q=written/, async (route) => {
        late = new Promise((done) => setTimeout(done, 1500)).then(() => route.continue().catch(() => undefined));
        await late;
      });
      const search = page.getByLabel('Title of a film');
      await search.fill('written');
      await page.waitForRequest(/q=written/);
      await search.fill('lighthouse');
      await tally('1 film for “lighthouse”');
      await late;
      expect(await main().getByRole('listitem').allTextContents()).toEqual([expect.stringContaining('Lighthouse')]);
    });

    it('reads ten thousand films page by page', async () => {
      await at('/films?year=1950');
      await tally('10,000 films');
      expect(await main().locator('.entry').count()).toBe(24);
      await page.getByRole('link', { name: 'Next' }).click();
      await says('Page 2 of 417');
      expect(page.url()).toContain('page=2');
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.getByLabel('Title of a film').fill('voyage 7777');
      await page.getByRole('link', { name: 'Voyage 7777' }).waitFor();
      expect(page.url()).not.toContain('page=');
      expect(asked.filter((url) => url.includes('/movies') && !url.includes('per_page=24'))).toEqual([]);
    });

    it('narrows films by genre and director, and people by their year', async () => {
      const [film] = (
        await server.get<{ results: { genre_slugs: string[]; director: string }[] }>('/movies?q=ferry+home')
      ).body.results;
      await at('/films');
      await page.getByLabel('Genre').selectOption(film!.genre_slugs[0]!);
      await tally('1 film');
      await page.getByLabel('Director').fill(film!.director);
      await page.waitForURL(/director=/);
      await tally('1 film');
      await page.getByRole('navigation', { name: 'Lists' }).getByRole('link', { name: 'People' }).click();
      await tally('0 people');
      await page.getByLabel('Year of birth').fill('9999');
      await page.getByRole('alert').first().waitFor();
      quietBut = [REFUSED];
    });

    it('shows two languages side by side, and says which one stands in for another', async () => {
      await at('/films/the-lighthouse-keeper?locale=pl-PL&tone=DEFAULT&with=en-US/DEFAULT');
      await says('Latarnik liczy statki.');
      await says('An old keeper counts the storms.');
      expect(
        await main()
          .locator('.prose')
          .evaluateAll((all) => all.map(({ lang }) => lang)),
      ).toEqual(['pl-PL', 'en-US']);
      const [one, other] = await main().locator('article').all();
      const [left, right] = [await one!.boundingBox(), await other!.boundingBox()];
      expect(right!.x).toBeGreaterThan(left!.x + left!.width - 1);
      await page.getByLabel('Next to it').selectOption('pl-PL/humorous');
      await says('Latarnik gubi okulary.');
      await page.getByLabel('Text shown').selectOption('en-US/DEFAULT');
      await page.waitForURL(/locale=en-US/);
      await page.goto(`${server.url}/#/films/the-lighthouse-keeper?locale=de-DE&tone=DEFAULT`);
      await says('There is no text in German (Germany), Neutral, so you see American English, Neutral.');
      await button('Ask for it: American English, Critical').click();
      await page.waitForURL(/#\/jobs\/[0-9a-f-]{36}$/);
    });

    it('compares any two versions', async () => {
      await at('/films/the-lighthouse-keeper-2011?locale=en-US&tone=DEFAULT');
      await page.getByRole('link', { name: 'Versions and changes' }).click();
      const diff = main().locator('.diff');
      const changed = () => diff.locator('ins, del').allInnerTexts();
      await says('From version 2 to version 3');
      expect((await changed()).join('|')).toMatch(/removed:\s*A.*added:\s*An old/s);
      await page.getByLabel('Compared with').selectOption({ index: 1 });
      await says('From version 1 to version 3');
      expect((await changed()).join('|')).toMatch(/ships.*storms/s);
      await button('Changes: Version 2').click();
      await says('From version 1 to version 2');
    });

    it('leads from films to people and back, and tells whom only a cast names', async () => {
      await at('/films/ferry-home');
      const cast = main().locator('.credits', { has: page.getByRole('heading', { name: 'Cast' }) });
      const first = cast.locator('li').first();
      await first.getByText('No text yet').waitFor();
      expect(await first.innerText()).toContain('as Character 1');
      const name = await first.getByRole('link').innerText();
      await first.getByRole('link').click();
      await heading(name);
      await says('Known only because another text names it.');
      await main().getByRole('link', { name: 'Ferry Home' }).click();
      await heading('Ferry Home 2015');
      await first.getByRole('button', { name: `Ask for it: ${name}` }).click();
      await page.waitForURL(/#\/jobs\//);
    });

    it('corrects a fact: what is wrong is said at its field', async () => {
      await at('/films/written-twice-2012', [REFUSED]);
      await button('Correct facts').click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Year').fill('1700');
      await dialog.getByLabel('IMDb').fill('tt1');
      await button('Save').click();
      for (const field of ['Year', 'IMDb']) {
        const input = dialog.getByLabel(field);
        await dialog.locator('[aria-invalid=true]').first().waitFor();
        expect([field, await input.getAttribute('aria-invalid')]).toEqual([field, 'true']);
        expect(await page.locator(`[id="${await input.getAttribute('aria-describedby')}"]`).innerText()).toMatch(
          /^must be/,
        );
      }
      await dialog.getByLabel('Year').fill('2014');
      await dialog.getByLabel('IMDb').fill('tt0133093');
      await dialog.getByLabel('Drama').check();
      await dialog.getByLabel('Directors').fill('Ana Sol');
      const sent = page.waitForRequest((request) => request.method() === 'PATCH');
      await button('Save').click();
      expect((await sent).postDataJSON()).toEqual({
        release_year: 2014,
        genres: ['drama'],
        directors: ['Ana Sol'],
        external_ids: { imdb: 'tt0133093' },
      });
      await heading('Written Twice 2014');
      await says('Edited');
      await main().getByRole('link', { name: 'Ana Sol' }).first().waitFor();
      await page.goto(`${server.url}/#/films/imdb:tt0133093`);
      await heading('Written Twice 2014');
    });

    it('takes a text of one’s own, and serves an older one again', async () => {
      await at('/films/written-twice');
      await button('Edit this text').click();
      await page.getByLabel('Your text').fill('Two, and a half.');
      await within('Save').click();
      await says('Two, and a half.');
      await says('Written by a person');
      await button('Write a text').click();
      await page.getByRole('dialog').getByLabel('Language').selectOption('de-DE');
      await page.getByLabel('Your text').fill('Zwei.');
      await within('Save').click();
      await says('Zwei.');
      expect(page.url()).toContain('locale=de-DE');
      await page.getByRole('link', { name: 'American English, Neutral, Version 3' }).click();
      await page.getByRole('link', { name: 'Versions and changes' }).click();
      await button('Serve this one: Version 1').click();
      await within('Serve this one').click();
      await says('Chosen by a person');
      await main().locator('article').getByText('One.').waitFor();
      await button('Delete: Version 2').click();
      await page.getByRole('dialog').getByText('This cannot be undone.').waitFor();
      await within('Delete').click();
      await button('Delete: Version 2').waitFor({ state: 'detached' });
    });

    it('refuses to write over what somebody has changed meanwhile', async () => {
      await at('/films/gone-soon-2013', [REFUSED]);
      await button('Edit this text').click();
      const own = JSON.stringify({ text: 'Three.' });
      await server.send('PUT', '/movies/gone-soon-2013/descriptions', { 'content-type': 'application/json' }, own);
      await page.getByLabel('Your text').fill('Four.');
      await within('Save').click();
      await page.getByRole('dialog').getByText('somebody has changed the text meanwhile').waitFor();
    });

    it('hides, shows again and deletes, and says what goes', async () => {
      await at('/films/gone-soon-2013', [REFUSED]);
      await button('Hide').click();
      await within('Hide').click();
      await says('Hidden');
      expect((await server.get<{ results: unknown[] }>('/movies?slugs=gone-soon-2013')).body.results).toEqual([]);
      await button('Show again').click();
      await within('Show again').click();
      await button('Hide').waitFor();
      await button('Delete').click();
      const dialog = page.getByRole('dialog');
      for (const text of [
        'Delete this film for good?',
        '1 text, with all its versions (3 versions)',
        '0 credits',
        'This cannot be undone.',
      ])
        await dialog.getByText(text).waitFor();
      await dialog.getByLabel('Block it too: never make it again').check();
      await within('Delete').click();
      await says('Gone Soon is deleted.');
      expect((await server.post('/movies/generate', { title: 'Gone Soon', release_year: 2013 })).status).toBe(409);
      await page.goto(`${server.url}/#/films/gone-soon-2013`);
      await says('There is no such film here.');
      await main().getByRole('link', { name: 'Ask for “Gone Soon”' }).waitFor();
    });

    it('shows nobody more than their key may do', async () => {
      const closed = await TestServer.start({ AUTH_REQUIRED: 'true', PUBLIC_READS: 'true' });
      try {
        await stored(closed, 'only-read-2011', 'Only Read', [{ texts: ['A reader reads.', 'A reader rests.'] }]);
        const { text } = await makeKey(closed, 'read');
        opened = await openPage(started.browser, `${closed.url}/#/films/only-read`, { locale: 'en-US' });
        page = opened.page;
        quietBut = [];
        await heading('Only Read 2011');
        await button('API key: No key').click();
        await page.getByLabel('Key', { exact: true }).fill(text);
        await button('Use it').click();
        await button('API key: test').waitFor();
        await says('A reader rests.');
        await page.getByRole('link', { name: 'Versions and changes' }).click();
        await button('Changes: Version 1').waitFor();
        const names = await main().getByRole('button').allInnerTexts();
        expect(names).toEqual(['Changes', 'Changes']);
      } finally {
        await closed.stop();
      }
    });

    it('shows whatever strangers wrote as text, and asks no other host', async () => {
      await stored(server, 'bad-film-2016', `Bad ${BAD}`, [{ texts: [`First ${BAD}`, `Second ${BAD}`] }]);
      await server.rows(
        `WITH person AS (INSERT INTO people (id, slug, name_slug, name) VALUES (gen_random_uuid(), 'bad-name', 'bad-name', $1)
           RETURNING id)
         INSERT INTO movie_people (movie_id, person_id, role, character_name, billing_order, by_movie)
         SELECT movies.id, person.id, role, $1, 1, ARRAY[$1] FROM movies, person, unnest('{ACTOR,DIRECTOR}'::text[]) AS role
         WHERE slug = 'bad-film-2016'`,
        [`Person ${BAD}`],
      );
      await server.rows(
        `WITH genre AS (INSERT INTO genres (id, slug, name) VALUES (gen_random_uuid(), 'bad-genre', $1) RETURNING id)
         INSERT INTO movie_genres (movie_id, genre_id) SELECT movies.id, genre.id FROM movies, genre
         WHERE movies.slug = 'bad-film-2016'`,
        [GENRE],
      );
      await at(`/films?q=bad+film`);
      await page.getByRole('link', { name: `Bad ${BAD}` }).waitFor();
      await page.goto(`${server.url}/#/films/bad-film-2016?versions=1&with=en-US/DEFAULT`);
      await says(`Second ${BAD}`);
      await main()
        .getByRole('link', { name: `Person ${BAD}` })
        .first()
        .waitFor();
      await says(`as Person ${BAD}`);
      await main().getByRole('link', { name: GENRE, exact: true }).waitFor();
      await main().locator('.diff').waitFor();
      await page.goto(`${server.url}/#/people/bad-name`);
      await heading(`Person ${BAD}`);
      await page.goto(`${server.url}/#/films/${encodeURIComponent(BAD)}?locale=${encodeURIComponent(BAD)}`);
      await page.getByRole('alert').or(page.getByText('There is no such film here.')).first().waitFor();
      expect(await page.locator('main img, main script').count()).toBe(0);
      quietBut = [/status of (400|404|422)/];
    });

    it.each(['/films', '/films/the-lighthouse-keeper-2011?with=pl-PL/DEFAULT'])(
      'moves nothing at %s while a slow network answers',
      async (address) => {
        await at(address);
        await page.addInitScript(() => {
          const scope = globalThis as unknown as { shift: number };
          scope.shift = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) scope.shift += (entry as unknown as { value: number }).value;
          }).observe({ type: 'layout-shift', buffered: true } as never);
        });
        await page.route(`${server.url}/**`, async (route) => {
          if (route.request().resourceType() === 'fetch') await new Promise((done) => setTimeout(done, SLOW_MS));
          await route.continue().catch(() => undefined);
        });
        await page.reload();
        await page
          .getByRole('link', { name: /Lighthouse|All films/ })
          .first()
          .waitFor();
        await page.waitForLoadState('networkidle');
        expect(await page.evaluate(() => (globalThis as unknown as { shift: number }).shift)).toBeLessThan(MOST_SHIFT);
      },
    );

    it.each([
      { name: 'a list', address: '/films' },
      { name: 'a film', address: '/films/the-lighthouse-keeper-2011?with=pl-PL/DEFAULT&versions=1' },
      { name: 'a person', address: '/people/ana-sol' },
      { name: 'the dialog of facts', address: '/films/the-lighthouse-keeper-2011', opens: 'Correct facts' },
    ])('suits everybody in both themes and at 360 px: $name', async ({ name, address, opens }) => {
      await at(address);
      await page.waitForLoadState('networkidle');
      if (opens) await button(opens).click();
      for (const theme of ['light', 'dark'] as const) {
        await opened.inTheme(theme);
        expect(await opened.axe()).toEqual([]);
        await opened.screenshot(`read-${name}-${theme}`);
      }
      await opened.atWidth(360);
      await opened.screenshot(`read-${name}-360`);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    });
  });
});
