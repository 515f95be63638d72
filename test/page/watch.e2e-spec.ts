import type { Page } from 'playwright-core';
import type { ActivityDto } from '../../src/admin/activity.dto.js';
import type { AnyDeliveryListDto } from '../../src/admin/deliveries.dto.js';
import type { FailedJobListDto } from '../../src/admin/failed-jobs.dto.js';
import type { ModelsDto } from '../../src/admin/model.dto.js';
import type { QueueListDto } from '../../src/admin/queues.dto.js';
import type { UsageReportDto } from '../../src/admin/usage.dto.js';
import type { DetailDto } from '../../src/health/detail.dto.js';
import { describeInBrowser } from '../support/browser/chromium.js';
import { type OpenedPage, openPage } from '../support/browser/opened-page.js';
import { describeServer, WITH_MODEL } from '../support/server/describe-server.js';
import { eventually } from '../support/server/server.js';

const TOKEN = 'a-long-enough-admin-token';
const KEY = { authorization: `Bearer ${TOKEN}` };
const HOSTILE = '<img src=x onerror=alert(1)> & "more"';
const PARTS = ['', '/failed', '/usage', '/webhooks', '/durability', '/audit'];
const REFUSAL = { kind: 'status', status: 400 } as const;

describeServer(
  'Watch',
  { ...WITH_MODEL, ADMIN_TOKEN: TOKEN, WEBHOOK_ALLOW_PRIVATE: 'true' },
  ({ server, model, receiver }) => {
    const asOperator = async <T>(path: string) => (await server.get<T>(path, KEY)).body;
    const failing = async (title: string) => {
      model.script(title, REFUSAL);
      expect((await server.generate('movies', { title, release_year: 2000 })).status).toBe('FAILED');
    };
    const count = (value: number) => value.toLocaleString('en-US');

    describeInBrowser('in a browser', (started) => {
      let opened: OpenedPage;
      let page: Page;
      /** Addresses and headers of everything that the page asked for. */
      const asked: string[] = [];

      const open = (part = '') => page.goto(`${server.url}/#/watch${part}`);
      const enter = async (on: Page, key: string) => {
        await on.getByRole('button', { name: 'Enter a key' }).click();
        await on.getByRole('dialog').getByLabel('Key', { exact: true }).fill(key);
        await on.getByRole('button', { name: 'Use it' }).click();
      };
      const cellsOf = async (caption: string): Promise<string[][]> => {
        const table = page.getByRole('table', { name: caption }).first();
        await table.waitFor();
        const rows = await table.locator('tbody tr').all();
        return Promise.all(rows.map((row) => row.locator('th, td').allInnerTexts()));
      };
      const titles = () => page.locator('.rows h2').allInnerTexts();

      beforeAll(async () => {
        await server.generate('movies', { title: 'Written Well', release_year: 1999 });
        for (const title of ['First Failure', 'Second Failure', HOSTILE]) await failing(title);
        opened = await openPage(started.browser, `${server.url}/#/watch`);
        page = opened.page;
        page.on('request', (request) => asked.push(request.url()));
      });
      afterAll(() => opened?.close());

      it('says to a visitor without a key what it is, and which key opens it', async () => {
        await page.getByText('It takes a key with the scope admin.').waitFor();
        await page.getByText('npx moviemind keys create --name operator --scope admin').waitFor();
        expect(await page.getByRole('navigation', { name: 'Watch' }).count()).toBe(0);
        expect(await opened.axe()).toEqual([]);
      });

      it('stays closed for a key that the server does not know', async () => {
        await enter(page, 'not-a-key-of-this-server');
        await page.getByText('The server does not know this key.').waitFor();
        await page.keyboard.press('Escape');
        await page.getByText('It takes a key with the scope admin.').waitFor();
      });

      it('opens to the key of an operator, which never leaves the tab', async () => {
        await enter(page, TOKEN);
        await page.getByRole('link', { name: 'Overview' }).waitFor();
        expect(await page.evaluate('JSON.stringify({ ...localStorage })')).not.toContain(TOKEN);
        expect(await page.evaluate('JSON.stringify({ ...sessionStorage })')).toContain(TOKEN);
        await page.reload();
        await page.getByRole('heading', { name: 'Queues' }).waitFor();
        expect(page.url()).not.toContain(TOKEN);
      });

      it('answers first whether all is well, as the server says', async () => {
        const { warnings } = await asOperator<DetailDto>('/health/detail');
        const verdict = page.locator('.verdict');
        const said = warnings.length === 0 ? /All is well/ : new RegExp(`^${warnings.length} thing`);
        await verdict.getByText(said).waitFor();
        expect(await verdict.locator('li').allInnerTexts()).toEqual(warnings);
      });

      it('pauses a queue and resumes it', async () => {
        const isPaused = async () =>
          (await asOperator<QueueListDto>('/admin/queues')).queues.find(({ name }) => name === 'movies')!.paused;
        await page.getByRole('button', { name: 'Pause: Films' }).click();
        await page.getByRole('button', { name: 'Resume: Films' }).waitFor();
        expect(await isPaused()).toBe(true);
        await page.getByText(/An operator paused it/).waitFor();
        await page.getByRole('button', { name: 'Resume: Films' }).click();
        await page.getByRole('button', { name: 'Pause: Films' }).waitFor();
        expect(await isPaused()).toBe(false);
        expect(await page.locator('.foot pre').innerText()).toContain('/admin/queues/movies/resume');
      });

      it('draws what happened, with the numbers of the API beside it', async () => {
        // Processes write down every five seconds what they have counted.
        const results = await eventually(async () => {
          const { results: steps } = await asOperator<ActivityDto>('/admin/activity?hours=6');
          return steps.reduce((sum, { accepted, done, failed }) => sum + accepted + done + failed, 0) === 8 && steps;
        });
        await page.reload();
        await page.locator('.plot canvas').first().waitFor();
        await page.locator('.plot summary').first().click();
        const shown = (await cellsOf('Jobs')).map(([, ...counts]) => counts);
        const told = results.map(({ accepted, done, failed }) => [accepted, done, failed].map(count));
        expect(shown).toEqual(told.toReversed());
      });

      it('lists the workers', async () => {
        const { queues } = await asOperator<QueueListDto>('/admin/queues');
        const [worker] = queues[0]!.workers;
        const [row] = await cellsOf('Workers');
        expect(row).toEqual(expect.arrayContaining([`${worker!.host}:${worker!.pid}`, worker!.model!]));
      });

      it('finds failed jobs by what was asked and why it failed, in an address', async () => {
        await open('/failed');
        await page.getByRole('heading', { name: HOSTILE }).waitFor();
        expect(await titles()).toEqual([`${HOSTILE} (2000)`, 'Second Failure (2000)', 'First Failure (2000)']);
        await page.getByLabel('Text').fill('second');
        await eventually(async () => (await titles()).length === 1);
        expect(page.url()).toContain('q=second');
        await page.getByLabel('Why').selectOption({ label: 'Not known' });
        await page.getByText('No failed job matches.').waitFor();
        await page.goto(`${server.url}/#/watch/failed?q=first&type=AI_API_ERROR`);
        await eventually(async () => (await titles()).join() === 'First Failure (2000)');
        await open('/failed');
      });

      it('shows what strangers and models wrote as text', async () => {
        const row = page.locator('.rows li').filter({ hasText: HOSTILE });
        await row.getByText('What was recorded').click();
        await row.locator('pre').getByText('AI_API_ERROR: ').waitFor();
        expect(await page.locator('main img').count()).toBe(0);
      });

      it('retries one failed job, and all that match with their count', async () => {
        await page.getByRole('button', { name: 'Retry: First Failure' }).click();
        await page.getByText('In line again: 1 job.').waitFor();
        await eventually(async () => (await titles()).length === 2);
        await page.getByLabel('Why').selectOption({ label: 'The model failed' });
        await page.getByRole('button', { name: 'Retry all that match' }).click();
        await page.getByRole('dialog').getByText('2 jobs will run again').waitFor();
        await page.getByRole('dialog').getByRole('button', { name: 'Retry' }).click();
        await page.getByText('In line again: 2 jobs.').waitFor();
        await page.getByText('No failed job matches.').waitFor();
        await eventually(async () => (await asOperator<FailedJobListDto>('/admin/failed-jobs')).results.length === 0);
      });

      it('forgets a failed job once it has said what goes', async () => {
        await failing('Forgotten');
        await open('/failed');
        await page.getByRole('button', { name: 'Forget: Forgotten' }).click();
        const dialog = page.getByRole('dialog');
        await dialog.getByText('This cannot be undone.').waitFor();
        await dialog.getByRole('button', { name: 'Forget' }).click();
        await page.getByText('Forgotten: 1 job.').waitFor();
        expect((await asOperator<FailedJobListDto>('/admin/failed-jobs')).results).toEqual([]);
      });

      it('has the numbers of the API in tables and plots of what was used', async () => {
        await open('/usage');
        const report = await asOperator<UsageReportDto>('/admin/usage?by=model');
        await page.locator('.plot canvas').first().waitFor();
        const shown = report.results.map(({ model: name, calls, input_tokens, output_tokens }) =>
          expect.arrayContaining([name, count(calls), count(input_tokens), count(output_tokens)]),
        );
        expect(await cellsOf('By model')).toEqual(shown);
        const { input_tokens, output_tokens } = report.total;
        await page.locator('.plot summary').first().click();
        expect((await cellsOf('Tokens per day'))[0]).toContain(count(input_tokens + output_tokens));
      });

      it('tells who changed what, before and after, and lifts blocks', async () => {
        const headers = { ...KEY, 'content-type': 'application/json' };
        await server.send('PATCH', '/movies/written-well-1999', headers, '{"title":"Written Better"}');
        await open('/audit');
        await page.getByRole('heading', { name: 'Facts corrected written-well-1999' }).waitFor();
        await page.getByText('Before and after').first().click();
        expect((await cellsOf('Before and after')).flat()).toEqual(
          expect.arrayContaining(['Written Well', 'Written Better']),
        );
        await server.send('DELETE', '/movies/written-well-1999?block=true', KEY);
        await page.reload();
        await page.getByRole('button', { name: /^Lift: / }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Lift' }).click();
        await page.getByText('Nothing is blocked.').waitFor();
      });

      it('says in words why nothing is lost, and what should be changed', async () => {
        await open('/durability');
        const { postgres } = await asOperator<DetailDto>('/health/detail');
        const settings = Object.entries(postgres.durability!);
        for (const [name, value] of settings) await page.getByText(`${name} = ${value}`).waitFor();
        const bad = settings.filter(([, value]) => value === 'off').length;
        expect(await page.locator('.lines .badge.bad').count()).toBe(bad);
        await page.getByText('No Redis is used: the queue lives in PostgreSQL.').waitFor();
        expect(await page.getByText('Both agree.').count()).toBe(3);
      });

      it('says what was lost and repaired, and how old the last backup is', async () => {
        const line = (text: string) => page.locator('.lines li').filter({ hasText: text });
        await line('nothing was lost and nothing had to be repaired').getByText('Good').waitFor();
        await line('None is noted.').getByText('Look at it').waitFor();
        await page.getByText('/admin/backups').waitFor();
        await server.rows(`INSERT INTO recoveries (kind, of, hour, count) VALUES
          ('worker_lost', 'jobs', date_trunc('hour', now()), 5), ('queue_refilled', 'webhooks', now(), 1)`);
        await server.post('/admin/backups', { bytes: 73_400_320 }, KEY);
        await page.reload();
        await line('5 jobs lost a worker and went to another, last ').getByText('Good').waitFor();
        await line('1 message went back into the queue after Redis had lost all').getByText('Look at it').waitFor();
        await line(', 73.4 MB.').getByText('Good').waitFor();
        expect(await page.getByText('/admin/backups').count()).toBe(0);
        await server.rows(`UPDATE backups SET finished_at = now() - interval '49 hours'`);
        await page.reload();
        await line('done 2 days ago').getByText('Look at it').waitFor();
      });

      it('lists messages to webhooks that were given up, and sends them again', async () => {
        const { job_id: id } = await server.generate('movies', { title: 'Told', webhook_url: receiver.url('/told') });
        await eventually(async () => receiver.received.length === 1);
        const delivered = `SELECT 1 FROM webhook_deliveries WHERE status = 'DELIVERED'`;
        await eventually(async () => (await server.rows(delivered)).length === 1);
        await open('/webhooks');
        await page.getByText('No message to a webhook matches.').waitFor();
        await page.getByLabel('Status').selectOption({ label: 'Delivered' });
        await page.getByRole('heading', { name: 'Delivered job.completed' }).waitFor();
        await page.getByRole('button', { name: /^Send again/ }).click();
        await eventually(async () => receiver.received.length === 2);
        expect(receiver.received.map(({ job_id }) => job_id)).toEqual([id, id]);
        expect((await asOperator<AnyDeliveryListDto>('/admin/deliveries?status=DISABLED')).results).toEqual([]);
      });

      it('says that the model is on hold, and when it is asked again', async () => {
        model.script('Turned Away', { kind: 'status', status: 401 });
        await server.post('/movies/generate', { title: 'Turned Away', release_year: 2001 });
        const isHeld = 'SELECT 1 FROM model_breakers WHERE opened_at IS NOT NULL';
        await eventually(async () => (await server.rows(isHeld)).length > 0);
        await open();
        await page.getByText(/fails or turns us away, so it is not asked/).waitFor();
        await page.getByText(/^Since .+\. Next try: in /).waitFor();
        const { models, daily_tokens } = await asOperator<ModelsDto>('/admin/model');
        const card = page.locator('.card').filter({ hasText: models[0]!.name }).last();
        await card.getByText('On hold').waitFor();
        await card.getByText(models[0]!.message!).waitFor();
        await page
          .locator('.figures dd', { hasText: count(daily_tokens.used) })
          .first()
          .waitFor();
        await server.rows('DELETE FROM model_breakers');
      });

      describe.each(['light', 'dark'] as const)('in %s colours', (theme) => {
        it.each(PARTS)('has nothing for axe to find in #/watch%s', async (part) => {
          await opened.inTheme(theme);
          await open(part);
          await page.locator('main .skeleton').first().waitFor({ state: 'hidden' });
          expect(await opened.axe()).toEqual([]);
        });
      });

      it('scrolls nowhere sideways on a phone', async () => {
        await opened.atWidth(360);
        const wide: string[] = [];
        for (const part of PARTS) {
          await open(part);
          await page.locator('main .skeleton').first().waitFor({ state: 'hidden' });
          const over = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
          if ((await page.evaluate(over)) !== 0) wide.push(part);
        }
        expect(wide).toEqual([]);
        await opened.atWidth(1280);
      });

      it('keeps what it shows while the server is away, and says so', async () => {
        await open();
        await page.getByRole('button', { name: 'Pause: Films' }).waitFor();
        await page.context().setOffline(true);
        await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
        await page.getByText(/^The server does not answer\. This is how things were at/).waitFor();
        expect(await page.getByRole('button', { name: 'Pause: Films' }).count()).toBe(1);
        await page.context().setOffline(false);
        await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
        await page.getByText(/^Read at/).waitFor();
      });

      it('has put the key into no address, and has broken no rule of the page', async () => {
        expect(asked.length).toBeGreaterThan(20);
        expect(asked.filter((url) => url.includes(TOKEN))).toEqual([]);
        await opened.quiet(/401 \(Unauthorized\)/, /ERR_INTERNET_DISCONNECTED/);
      });
    });
  },
);
