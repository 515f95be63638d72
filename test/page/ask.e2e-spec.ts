import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Locator, Page } from 'playwright-core';
import { describeInBrowser } from '../support/browser/chromium.js';
import { type OpenedPage, openPage } from '../support/browser/opened-page.js';
import { makeKey } from '../support/client/keys.js';
import { describeServer, WITH_MODEL } from '../support/server/describe-server.js';
import { Program } from '../support/server/process.js';
import { cloneDatabase, eventually } from '../support/server/server.js';

const ENGLISH = { locale: 'en-US' };
const THEMES = ['light', 'dark'] as const;
/** What a browser writes into its console of an answer that is no success. */
const REFUSED = /status of 4\d\d/;

/** Everything that a test of this view touches, by the words that a visitor reads. */
const on = (page: Page) => ({
  title: page.getByLabel('Title'),
  year: page.getByLabel('Year of release'),
  write: page.getByRole('button', { name: 'Write it' }),
  ask: async (title: string) => {
    await page.getByLabel('Title').fill(title);
    await page.getByRole('button', { name: 'Write it' }).click();
  },
  card: (title: string) => page.getByRole('article').filter({ has: page.getByRole('heading', { name: title }) }),
});
const step = (card: Locator, name: string) => card.locator('[aria-current=step]', { hasText: name }).waitFor();
const text = (card: Locator, title: string) => card.getByText(`description of ${title}`).waitFor();

async function accessible(opened: OpenedPage): Promise<void> {
  for (const theme of THEMES) expect(await (await opened.inTheme(theme)).axe()).toEqual([]);
}

describeServer('the view Ask', { ...WITH_MODEL, WORKER_CONCURRENCY: '10' }, ({ server, model }) => {
  describeInBrowser('in a browser', (started) => {
    let opened: OpenedPage;
    let page: Page;
    beforeEach(async () => {
      opened = await openPage(started.browser, `${server.url}/`, ENGLISH);
      ({ page } = opened);
    });
    afterEach(() => opened.close());

    it('asks for a text, shows it move and shows it', async () => {
      await page.getByRole('heading', { level: 1, name: 'Texts about films and people' }).waitFor();
      await accessible(opened);
      model.script('Amélie', { kind: 'answer', delayMs: 500 });
      const { write, card } = on(page);
      await page.getByRole('button', { name: 'Amélie' }).click();
      await write.click();
      await step(card('Amélie'), 'Being written');
      await step(card('Amélie'), 'Done');
      await text(card('Amélie'), 'Amélie');
      const read = card('Amélie').getByRole('link', { name: 'Read it' });
      expect(await read.getAttribute('href')).toBe('#/films/amelie-2001?locale=en-US&tone=DEFAULT');
      await card('Amélie').locator('summary').click();
      await card('Amélie').getByRole('cell', { name: 'stub-model-1' }).waitFor();
      await page.getByText("/movies/generate' -H").waitFor();
      await accessible(opened);
      await opened.screenshot('ask-done');
      await opened.quiet();
    });

    it('says of wrong fields what the API says, goes to the first and keeps what was typed', async () => {
      const { title, year, ask } = on(page);
      await year.fill('soon');
      await page.getByText('More choices').click();
      await page.getByLabel('Begin within').fill('0');
      await page.getByText('More choices').click();
      await ask('');
      for (const says of ['must be 1..200 characters long', 'must be an integer 1888', 'must be an integer 1..86400'])
        await page.getByText(says).waitFor();
      const state = (field: Locator) =>
        field.evaluate((input: { matches: (selector: string) => boolean; value: string }) => [
          input.matches('[aria-invalid=true]'),
          input.matches(':focus'),
          input.value,
        ]);
      expect([await state(title), await state(year)]).toEqual([
        [true, true, ''],
        [true, false, 'soon'],
      ]);
      await accessible(opened);
      await opened.quiet(REFUSED);
    });

    it('goes on after a reload in the middle, and forgets what is taken from the list', async () => {
      model.script('Solaris', { kind: 'answer', delayMs: 1500 });
      const { ask, card } = on(page);
      await ask('Solaris');
      await step(card('Solaris'), 'Being written');
      await page.reload();
      await step(card('Solaris'), 'Being written');
      await text(card('Solaris'), 'Solaris');
      await card('Solaris').getByRole('button', { name: 'Remove from the list' }).click();
      await page.getByRole('heading', { name: 'How it goes' }).waitFor();
      await page.goto(`${server.url}/#/jobs/01a21a59-f0fc-77d9-9670-8a5cc60ab76e`);
      await page.getByText('does not know this any more').waitFor();
      await opened.quiet(REFUSED);
    });

    it('is used by the keyboard alone', async () => {
      const { title, card } = on(page);
      const reach = (target: Locator) =>
        eventually(async () => {
          await page.keyboard.press('Tab');
          return target.evaluate((element: { matches: (selector: string) => boolean }) => element.matches(':focus'));
        });
      await title.waitFor();
      await reach(title);
      await page.keyboard.type('Metropolis');
      await reach(page.getByRole('button', { name: 'Write it' }));
      await page.keyboard.press('Enter');
      await text(card('Metropolis'), 'Metropolis');
      await reach(card('Metropolis').getByRole('link', { name: 'Read it' }));
      await page.keyboard.press('Enter');
      await page.waitForURL(/#\/films\/metropolis-1999\?/);
    });

    it('says why it failed, and tries the same request again', async () => {
      model.script('Salò', { kind: 'refuse' });
      const { ask, card } = on(page);
      await ask('Salò');
      await card('Salò').locator('strong', { hasText: 'The model refused' }).waitFor();
      await accessible(opened);
      await opened.screenshot('ask-failed');
      await card('Salò').getByRole('button', { name: 'Try again' }).click();
      await text(card('Salò'), 'Salò');
      await card('Salò').locator('summary').click();
      await card('Salò').getByRole('row').nth(2).waitFor();
      await opened.quiet();
    });

    it('asks for the one that was meant', async () => {
      const namesakes = [{ title: 'Dune', release_year: 1984 }];
      model.script('Dune', { kind: 'answer', output: { release_year: 2021, namesakes } });
      const { ask, card } = on(page);
      await ask('Dune');
      await card('Dune').getByText('The name means several.').waitFor();
      await card('Dune').getByRole('button', { name: 'Dune (1984)' }).click();
      const chosen = card('Dune (1984)').first();
      await chosen.getByText(/description of dune/i).waitFor();
      expect(await chosen.getByRole('link', { name: 'Read it' }).getAttribute('href')).toContain('/dune-1984?');
      await opened.quiet();
    });

    it('cancels what is under way, and asks for it again', async () => {
      model.script('Heat', { kind: 'hang' });
      const { ask, card } = on(page);
      await ask('Heat');
      await step(card('Heat'), 'Being written');
      await card('Heat').getByRole('button', { name: 'Cancel the request' }).click();
      await card('Heat').getByText('It was cancelled').waitFor();
      await card('Heat').getByRole('button', { name: 'Ask again' }).click();
      await text(card('Heat').first(), 'Heat');
      await opened.quiet();
    });

    it('shows what strangers write as text', async () => {
      const rest = 'javascript:alert(2) http://evil.example/x';
      const attack = `<img src=x onerror=alert(1)> ${rest}`;
      const { ask, card } = on(page);
      await ask(attack);
      // The heading has the title as it was asked for; what is written has no markup at all.
      await text(card(attack), rest);
      await page.goto(`${server.url}/#/jobs/${encodeURIComponent('"><img src=x onerror=alert(3)>')}`);
      await page.getByRole('alert').waitFor();
      expect(await page.locator('main img, main b, main [href^="javascript"]').count()).toBe(0);
      await opened.quiet(REFUSED);
    });

    it('asks for 250 films at once: an estimate, its progress, what failed, and the results', async () => {
      model.otherwise((title, made) =>
        title === 'Häxan' && made === 1 ? { kind: 'refuse' } : { kind: 'answer', delayMs: 20 },
      );
      await page.getByRole('link', { name: 'Many at once' }).click();
      await page.getByLabel('Or a file').setInputFiles('examples/films.csv');
      await page.getByText('250 films').waitFor();
      await page.getByRole('button', { name: 'Estimate' }).click();
      await page.getByText('Under way already').waitFor();
      await accessible(opened);
      await opened.screenshot('ask-many');
      await page.getByRole('button', { name: 'Ask for 250 texts' }).click();
      await page.getByRole('heading', { name: '250 texts' }).waitFor();
      await page.reload();
      await page.getByRole('progressbar').waitFor();
      await page.getByRole('heading', { name: 'All are finished' }).waitFor({ timeout: 90_000 });
      await page.getByRole('heading', { name: 'Failed: 1' }).waitFor();
      await accessible(opened);
      await opened.screenshot('ask-batch');
      await page.getByRole('button', { name: 'Try all again' }).click();
      await page.getByRole('heading', { name: 'Failed: 1' }).waitFor({ state: 'detached' });
      await page.getByText('250 of 250 texts finished').waitFor();
      const saved = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Save the results' }).click();
      const lines = readFileSync(await (await saved).path(), 'utf8')
        .trim()
        .split('\r\n');
      expect([lines.length, lines.filter((line) => line.includes(',DONE,')).length]).toEqual([251, 250]);
      await page.getByRole('link', { name: 'All requests' }).click();
      await page.getByRole('link', { name: '250 texts' }).waitFor();
      await opened.quiet();
    }, 150_000);

    it('says which rows the API refuses, and goes on without them', async () => {
      await page.getByRole('link', { name: 'Many at once' }).click();
      await page.getByLabel('List').fill('title,year\nStalker,1979\n,1980\nRan,99999');
      await page.getByText('it has no title or name').waitFor();
      await page.getByRole('button', { name: 'Estimate' }).click();
      await page.getByText('release_year must be an integer').waitFor();
      await accessible(opened);
      await page.getByRole('button', { name: 'Go on without them' }).click();
      await page.getByRole('button', { name: 'Estimate' }).click();
      await page.getByRole('button', { name: 'Ask for 1 text' }).waitFor();
      await opened.quiet(REFUSED);
    });
  });
});

describeServer(
  'the view Ask where keys are needed',
  { AUTH_REQUIRED: 'true', RATE_LIMIT_GENERATE: '1' },
  ({ server }) => {
    describeInBrowser('in a browser', (started) => {
      it('asks for a key, then says when it may ask again', async () => {
        const key = await makeKey(server, 'generate');
        const opened = await openPage(started.browser, `${server.url}/`, ENGLISH);
        const { page } = opened;
        await page.getByText('no right to ask for texts').waitFor();
        await page.getByRole('button', { name: 'Enter a key' }).click();
        await page.getByRole('textbox', { name: 'Key' }).fill(key.text);
        await page.getByRole('button', { name: 'Use it' }).click();
        await page.getByRole('dialog').waitFor({ state: 'detached' });
        const { ask, card, title } = on(page);
        await ask('Ran');
        await card('Ran').getByText('Sample', { exact: true }).waitFor();
        await ask('Ikiru');
        await page.getByText(/Try again in .+, at/).waitFor();
        expect(await title.inputValue()).toBe('Ikiru');
        await opened.quiet(REFUSED);
        await opened.close();
      });
    });
  },
);

describeInBrowser('the view Ask while the server is killed', (started) => {
  it('says so, keeps what was asked for, and goes on by itself', async () => {
    const database = await cloneDatabase();
    const settings = {
      DATABASE_URL: database.url,
      QUEUE_CONNECTION: 'database',
      PORT: String(await freePort()),
      AUTH_REQUIRED: 'false',
      MOCK_LATENCY_MS: '1500',
      JOB_LEASE_MS: '3000',
    };
    const first = new Program(settings);
    const url = await first.ready();
    const opened = await openPage(started.browser, `${url}/`, ENGLISH);
    const { page } = opened;
    const { ask, card } = on(page);
    await ask('Persona');
    await step(card('Persona'), 'Being written');
    await first.end('SIGKILL');
    await page.getByText('The server does not answer').waitFor();
    await ask('Ikiru');
    await page.getByText('Your request is kept').waitFor();
    const second = new Program(settings);
    try {
      await second.ready();
      for (const title of ['Persona', 'Ikiru']) await card(title).locator('.prose').waitFor({ timeout: 25_000 });
      await page.getByText('The server does not answer').waitFor({ state: 'detached' });
    } finally {
      await opened.close();
      await second.end('SIGTERM');
      await database.drop();
    }
  }, 60_000);
});

/** A port that both programs listen on, one after the other. */
function freePort(): Promise<number> {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => done(port));
    });
  });
}
