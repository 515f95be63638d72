import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConcurrencyDto } from '../src/admin/concurrency.controller.js';
import type { AnyDeliveryListDto } from '../src/admin/deliveries.dto.js';
import type { DeedListDto } from '../src/admin/audit.dto.js';
import type { FailedJobDto, FailedJobListDto } from '../src/admin/failed-jobs.dto.js';
import type { FleetDto, FleetWorkerDto } from '../src/admin/workers.dto.js';
import type { ReviewListDto, ReviewSummaryDto, SampleDto } from '../src/admin/reviews.dto.js';
import type { QueueDto } from '../src/admin/queues.dto.js';
import type { JobListDto } from '../src/jobs/job-list.dto.js';
import type { JobDto } from '../src/jobs/jobs.dto.js';
import { alike, insertJobs } from './support/ledger/insert-job.js';
import { quietPort } from './support/machines/services.js';
import { describeServer, WITH_MODEL } from './support/server/describe-server.js';
import { Program } from './support/server/process.js';
import { eventually } from './support/server/server.js';

const TOKEN = 'a-long-enough-admin-token';
const CLI = join(process.cwd(), 'dist/src/cli.js');

const SETTINGS = { ...WITH_MODEL, ADMIN_TOKEN: TOKEN, JOB_LEASE_MS: '9000', WEBHOOK_ALLOW_PRIVATE: 'true' };

describeServer('the commands for operators', SETTINGS, ({ server, model, receiver }) => {
  const folder = mkdtempSync(join(tmpdir(), 'moviemind-operate-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const command = async (settings: Record<string, string>, args: string[]) => {
    const program = new Program(settings, CLI, args);
    const code = await program.exited;
    return { code, output: program.output, stdout: program.stdout, stderr: program.stderr };
  };
  const run = (...args: string[]) => command({ MOVIEMIND_URL: server.url, MOVIEMIND_TOKEN: TOKEN }, args);
  /** With these lines on its standard input. */
  const told = async (lines: string, ...args: string[]) => {
    const program = new Program({ MOVIEMIND_URL: server.url, MOVIEMIND_TOKEN: TOKEN }, CLI, args);
    program.child.stdin!.end(lines);
    const code = await program.exited;
    return { code, stdout: program.stdout, stderr: program.stderr };
  };
  const json = async <T>(...args: string[]) => JSON.parse((await run(...args, '--json')).stdout) as T;
  const failedOnes = async (...args: string[]) =>
    (await json<FailedJobListDto>('failed', 'list', ...args)).results.map(({ job_id }) => job_id);

  it('list, show, retry and forget what failed', async () => {
    const fails = { kind: 'status', status: 400 } as const;
    for (const title of ['Fails Once', 'Fails Twice', 'Fails Thrice']) model.script(title, fails);
    model.script('Nobody At All', { kind: 'answer', output: { found: false } });
    const [once, twice, thrice] = await Promise.all(
      ['Fails Once', 'Fails Twice', 'Fails Thrice'].map((title) => server.generate('movies', { title })),
    );
    const person = await server.generate('people', { name: 'Nobody At All' });
    const [table, page, found] = await Promise.all([
      run('failed', 'list', '--limit', '2'),
      json<FailedJobListDto>('failed', 'list', '--limit', '2'),
      failedOnes('--type', 'not_found', '--entity', 'PERSON', '--q', 'nobody', '--since', '1h', '--all'),
    ]);
    expect([table.code, table.stdout]).toEqual([0, expect.stringContaining('Nobody At All')]);
    expect(table.stderr).toMatch(/There are more: --limit/);
    expect([page.results.length, page.next_cursor]).toEqual([2, expect.any(String)]);
    expect(found).toEqual([person.job_id]);
    const all = (await json<FailedJobListDto>('failed', '--all')).results;
    const entryOf = (job: JobDto) => all.find(({ job_id }) => job_id === job.job_id)!.uuid;
    const [shown, entry, unknown, oneWay, retried, forgotten] = await Promise.all([
      run('failed', 'show', entryOf(once!)),
      json<FailedJobDto>('failed', 'show', entryOf(once!)),
      run('failed', 'show', once!.job_id),
      run('failed', 'retry', '--all', '--type', 'NOT_FOUND'),
      run('failed', 'retry', entryOf(twice!), once!.job_id),
      run('failed', 'forget', entryOf(thrice!)),
    ]);
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringMatching(/why +AI_API_ERROR: [\s\S]*"Fails Once"/)]);
    expect(entry).toEqual(all.find(({ job_id }) => job_id === once!.job_id));
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('no failed job with this id')]);
    expect([oneWay.code, oneWay.stderr]).toEqual([2, expect.stringContaining('in one way: ids, or a filter')]);
    expect([retried.code, retried.stdout, retried.stderr]).toEqual([
      1,
      'in line again: 1\n',
      expect.stringMatching(/^not retried: 1 /),
    ]);
    expect([forgotten.code, forgotten.stdout]).toEqual([0, 'forgotten: 1\n']);
    await eventually(async () => (await server.finished(twice!.job_id)).status === 'DONE');
    expect(await json('failed', 'retry', '--type', 'AI_API_ERROR', '--since', '1h')).toEqual({ retried: 1 });
    await eventually(async () => (await server.finished(once!.job_id)).status === 'DONE');
    expect(await failedOnes()).toEqual([person.job_id]);
  }, 120_000);

  it('forget many only when they are sure', async () => {
    await server.rows(`DELETE FROM generation_jobs WHERE status = 'FAILED'`);
    await insertJobs(server.db, alike(3, { status: 'FAILED' }));
    const [old] = await server.rows<{ job_id: string }>(
      `UPDATE failed_jobs SET failed_at = now() - interval '40 days' WHERE uuid IN (SELECT uuid FROM failed_jobs LIMIT 1)
       RETURNING job_id`,
    );
    for (const args of [['flush'], ['prune', '--older-than', '30d']]) {
      const { code, stdout, stderr } = await run('failed', ...args);
      expect([code, stdout, stderr]).toEqual([
        2,
        '',
        expect.stringMatching(/^moviemind: this would forget .*--yes\n$/),
      ]);
    }
    expect(await failedOnes()).toHaveLength(3);
    expect(await json('failed', 'prune', '--older-than', '30d', '--yes')).toEqual({ forgotten: 1 });
    expect(await failedOnes()).not.toContain(old!.job_id);
    expect(await run('failed', 'flush', '--yes')).toMatchObject({ code: 0, stdout: 'forgotten: 2\n' });
    expect(await run('failed')).toMatchObject({ code: 0, stdout: 'There are no failed jobs.\n' });
  }, 120_000);

  it('list jobs by what they are, show one, cancel one, and retry one', async () => {
    model.script('Listed And Failed', { kind: 'status', status: 400 });
    const done = await server.generate('movies', { title: 'Listed And Done', metadata: { shelf: 'b' } });
    const failed = await server.generate('movies', { title: 'Listed And Failed' });
    model.script('Listed And Running', { kind: 'hang' });
    const running = (await server.post('/people/generate', { name: 'Listed And Running' })).body.job_id;
    await eventually(async () => model.callsFor('Listed And Running').length === 1);
    const listed = async (...args: string[]) =>
      (await json<JobListDto>('jobs', ...args)).results.map((job) => job.job_id);
    const [two, ofPeople, bySlug, table, shown] = await Promise.all([
      json<JobListDto>('jobs', 'list', '--limit', '2', '--entity', 'movie'),
      listed('--entity', 'PERSON', '--status', 'in_progress'),
      listed('list', '--slug', 'listed-and-done', '--all'),
      run('jobs', 'list', '--status', 'FAILED'),
      run('jobs', 'show', done.job_id),
    ]);
    expect(two).toMatchObject({ results: [{ job_id: failed.job_id }, { job_id: done.job_id }] });
    expect([ofPeople, bySlug]).toEqual([[running], [done.job_id]]);
    expect([table.code, table.stdout]).toEqual([0, expect.stringContaining(failed.job_id)]);
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining('description of Listed And Done')]);
    const [cancelled, again, twice] = await Promise.all([
      run('jobs', 'cancel', running),
      json<JobDto>('jobs', 'retry', failed.job_id),
      run('jobs', 'cancel', done.job_id),
    ]);
    expect([cancelled.code, cancelled.stdout]).toEqual([0, expect.stringMatching(/^CANCELLED /)]);
    expect(again).toMatchObject({ job_id: failed.job_id, status: 'PENDING', attempts: 0 });
    expect([twice.code, twice.stderr]).toEqual([2, expect.stringContaining('The job is finished')]);
  }, 120_000);

  it('drain a queue: it is paused, what runs ends, and what does not end in time is named', async () => {
    // Long enough for a command to start on a busy machine.
    model.script('Drained Slowly', { kind: 'answer', delayMs: 6000 });
    model.script('Never Drained', { kind: 'hang' });
    const slow = (await server.post('/movies/generate', { title: 'Drained Slowly' })).body.job_id;
    await eventually(async () => model.callsFor('Drained Slowly').length === 1);
    const drained = await run('queue', 'drain', 'movies', '--json');
    expect([drained.code, JSON.parse(drained.stdout)]).toEqual([
      0,
      expect.objectContaining({ name: 'movies', paused: true, jobs: expect.objectContaining({ in_progress: 0 }) }),
    ]);
    expect(drained.stderr).toContain('movies: 1 run\n');
    expect((await server.finished(slow)).status).toBe('DONE');
    const stuck = (await server.post('/people/generate', { name: 'Never Drained' })).body.job_id;
    await eventually(async () => model.callsFor('Never Drained').length === 1);
    const late = await run('queues', 'drain', '--timeout', '1');
    expect([late.code, late.stdout]).toEqual([1, '']);
    expect(late.stderr).toMatch(
      new RegExp(`still runs people: 1 \\(never-drained ${stuck}\\)\\. Nothing new begins: .*queue resume people`),
    );
    await server.send('POST', `/jobs/${stuck}/cancel`);
    const one = await run('queue', 'status', 'webhooks');
    expect([one.code, one.stdout]).toEqual([0, expect.stringMatching(/webhooks +│ paused since/)]);
    for (const name of ['movies', 'people', 'webhooks'])
      expect(await json<QueueDto>('queue', 'resume', name)).toMatchObject({ name, paused: false });
  }, 120_000);

  it('list workers, have one take no new jobs, and take them again', async () => {
    const { workers } = await json<FleetDto>('workers');
    expect(workers).toEqual([expect.objectContaining({ state: 'ACTIVE', running: 0, queues: expect.anything() })]);
    const [{ id, name }] = workers as [FleetWorkerDto];
    const [drained, unknown] = await Promise.all([
      run('workers', 'drain', name, '--json'),
      run('workers', 'drain', 'nobody:1'),
    ]);
    expect([drained.code, JSON.parse(drained.stdout)]).toEqual([0, expect.objectContaining({ id, state: 'DRAINED' })]);
    expect([unknown.code, unknown.stderr]).toEqual([2, `moviemind: there is no worker nobody:1; there are: ${name}\n`]);
    const waits = (await server.post('/movies/generate', { title: 'Waits For The Worker' })).body.job_id;
    const table = await run('workers', 'list');
    expect([table.code, table.stdout]).toEqual([0, expect.stringMatching(/DRAINED[\s\S]*0 of 10 a queue/)]);
    expect((await server.get<JobDto>(`/jobs/${waits}`)).body.status).toBe('PENDING');
    expect((await run('workers', 'resume', id)).code).toBe(0);
    expect((await server.finished(waits)).status).toBe('DONE');
  }, 120_000);

  it('show texts beside their facts to somebody who judges them, and count what was said', async () => {
    const titles = ['Judged First', 'Judged Second', 'Judged Third'];
    await Promise.all(titles.map((title) => server.generate('movies', { title, release_year: 2000 })));
    const MODEL = 'a-judged-model';
    await server.rows(
      `UPDATE movie_descriptions SET ai_model = $1 WHERE movie_id IN (SELECT id FROM movies WHERE title LIKE 'Judged %')`,
      [MODEL],
    );
    const of = ['review', '--model', MODEL];
    // What is nothing is asked again, and so are keys of a terminal in a note; what follows q is not read.
    const judged = await told('b tells\u001b[D it\nb tells\tit\nb tells the ending\nwhat?\nG\nq\nb\n', ...of);
    expect([judged.code, judged.stdout]).toEqual([0, expect.stringMatching(/\ngood: 1, bad: 1\n$/)]);
    expect(judged.stdout).toMatch(/1 of 3: Judged \w+ \(2000\), en-US, DEFAULT\na-judged-model, prompts v1, version 1/);
    expect(judged.stdout).toMatch(/Dana Director/);
    expect(judged.stdout).toMatch(/An original/);
    expect(judged.stderr.match(/skip or quit\?/g)).toHaveLength(6);
    expect(judged.stderr.match(/A note must not contain control or formatting characters\./g)).toHaveLength(2);
    const [bad, summary, drawn, table, nobody, both, ended] = await Promise.all([
      json<ReviewListDto>('review', '--marked', 'bad'),
      json<ReviewSummaryDto>('review', '--summary'),
      json<SampleDto>(...of, '--prompt', 'v1', '--kind', 'movie'),
      run('review', '--summary'),
      run(...of, '--kind', 'person'),
      run('review', '--summary', '--marked', 'bad'),
      told('', ...of),
    ]);
    expect(bad.results).toMatchObject([
      { verdict: 'bad', note: 'tells the ending', model: MODEL, prompt_version: 'v1', actor: 'bootstrap' },
    ]);
    expect(summary.results).toEqual([{ model: MODEL, prompt_version: 'v1', good: 1, bad: 1 }]);
    expect(drawn.results).toMatchObject([{ entity: 'MOVIE', year: 2000, facts: { director: 'Dana Director' } }]);
    expect([table.code, table.stdout]).toEqual([0, expect.stringMatching(/a-judged-model .* 1 .* 1 .* 50 of 100/)]);
    expect([nobody.code, nobody.stdout]).toEqual([0, 'There is no such text that nobody has judged.\n']);
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('--summary or --marked')]);
    expect([ended.code, ended.stdout]).toEqual([0, expect.stringMatching(/\ngood: 0, bad: 0\n$/)]);

    const [{ text_id: id }] = bad.results as [ReviewListDto['results'][number]];
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
    const mark = async (text: string, body: object) =>
      (await server.send('PUT', `/admin/reviews/${text}`, headers, JSON.stringify(body))).status;
    const deeds = async () => (await json<DeedListDto>('audit', '--action', 'review_text')).results;
    expect([await mark(id, { verdict: 'good' }), await mark(id, { verdict: 'good', note: null })]).toEqual([200, 200]);
    const [deed, ...before] = await deeds();
    expect([deed!.details, before.length]).toEqual([expect.objectContaining({ verdict: 'good', before: 'bad' }), 2]);
    expect(await json('review', '--summary')).toMatchObject({ results: [{ good: 2, bad: 0 }] });
    expect(await mark('019ab1d2-9000-7000-8000-0a0b0c0d0e0f', { verdict: 'good' })).toBe(404);
    expect([await mark('nonsense', { verdict: 'good' }), await mark(id, { verdict: 'fair' })]).toEqual([400, 422]);
    const own = await server.send<{ id: string }>(
      'PUT',
      '/movies/judged-first-2000/descriptions',
      headers,
      JSON.stringify({ text: 'A text of one’s own. It has two sentences.' }),
    );
    expect(await mark(own.body.id, { verdict: 'good' })).toBe(409);
  }, 120_000);

  it('say what the database lacks or has too much of, change nothing by that, and migrate', async () => {
    const [{ known }] = (await server.rows<{ known: number }>('SELECT count(*)::int AS known FROM migrations')) as [
      { known: number },
    ];
    const empty = new URL(server.config.databaseUrl!);
    empty.pathname = `${empty.pathname}_empty`;
    const name = empty.pathname.slice(1);
    await server.rows(`CREATE DATABASE ${name}`);
    await server.rows(`INSERT INTO migrations (timestamp, name) VALUES (1, 'OfTheFuture1')`);
    const on = (url: string, ...args: string[]) => command({ DATABASE_URL: url }, ['migrate', ...args]);
    try {
      const [newer, served, pending, direct, embedded, named] = await Promise.all([
        on(server.config.databaseUrl!, '--check'),
        on(server.config.databaseUrl!),
        on(empty.href, '--check', '--json'),
        command({ DATABASE_URL: empty.href }, ['--direct', 'queue']),
        command({}, ['migrate', '--check']),
        run('--url', server.url, 'migrate'),
      ]);
      const [back, nowhere, none] = await Promise.all([
        on(server.config.databaseUrl!, '--to', '0.1.0', '--yes'),
        on(server.config.databaseUrl!, '--to', '0.0.9'),
        on(empty.href, '--to', '0.1.0', '--check'),
      ]);
      expect([back.code, back.stderr]).toEqual([
        2,
        expect.stringMatching(/OfTheFuture1 is of a newer program: only that/),
      ]);
      expect([nowhere.code, nowhere.stderr]).toEqual([
        2,
        expect.stringMatching(/no release 0\.0\.9 .*there are: 0\.1\.0/),
      ]);
      expect([none.code, none.stderr]).toEqual([2, expect.stringMatching(/the database is not migrated/)]);
      expect([newer.code, newer.stdout]).toEqual([
        0,
        expect.stringMatching(/newer than .*OfTheFuture1\), and serves it/),
      ]);
      expect([served.code, served.stderr]).toEqual([0, expect.stringMatching(/newer than .*: nothing is migrated/)]);
      const lacks = (JSON.parse(pending.stdout) as { pending: string[] }).pending;
      expect([pending.code, lacks.length, lacks.at(-1)]).toEqual([1, known + 1, 'the tables of the queue']);
      expect([direct.code, direct.stderr]).toEqual([
        2,
        `moviemind: the database lacks ${known + 1} of this program's migrations: npx moviemind migrate\n`,
      ]);
      expect([embedded.code, embedded.stderr]).toEqual([2, expect.stringContaining('is migrated at each start')]);
      expect([named.code, named.stderr]).toEqual([2, expect.stringContaining('leave out --url and --token')]);
      await server.rows(`DELETE FROM migrations WHERE name = 'OfTheFuture1'`);
      const migrated = await on(empty.href, '--json');
      expect([migrated.code, JSON.parse(migrated.stdout)]).toEqual([0, { migrated: lacks }]);
      const done = await Promise.all([on(empty.href, '--check'), on(server.config.databaseUrl!, '--check')]);
      for (const { code, stdout } of done) expect([code, stdout]).toEqual([0, 'The database is up to date.\n']);
    } finally {
      await server.rows(`DELETE FROM migrations WHERE name = 'OfTheFuture1'`);
      await server.rows(`DROP DATABASE ${name} WITH (FORCE)`);
    }
  }, 120_000);

  it('work on the database itself, where no server answers and Redis is away', async () => {
    const port = String(await quietPort());
    const [url, token] = ['database-url', 'admin-token'].map((name) => join(folder, name)) as [string, string];
    writeFileSync(url, server.config.databaseUrl!);
    writeFileSync(token, TOKEN);
    const settings = {
      DATABASE_URL_FILE: url,
      ADMIN_TOKEN_FILE: token,
      PORT: port,
      REDIS_URL: `redis://127.0.0.1:${port}`,
      QUEUE_CONNECTION: 'redis',
    };
    const direct = (...args: string[]) => command(settings, ['--direct', ...args]);
    const [nobody, paused, written, both] = await Promise.all([
      command(settings, ['queue']),
      direct('queue', 'pause', 'people', '--json'),
      direct('generate', 'movie', 'Written By Another', '--wait'),
      direct('--url', server.url, 'queue'),
    ]);
    expect([nobody.code, nobody.stderr]).toEqual([
      2,
      expect.stringMatching(/^moviemind: no server answers .* --direct\n$/),
    ]);
    expect([paused.code, JSON.parse(paused.stdout)]).toEqual([0, expect.objectContaining({ paused: true })]);
    expect([written.code, written.stdout]).toEqual([0, expect.stringContaining('description of Written By Another')]);
    expect(written.stdout).not.toContain('127.0.0.1');
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('leave out --url and --token')]);
    expect(await json<QueueDto>('queue', 'status', 'people')).toMatchObject({ paused: true });
    const resumed = await direct('queue', 'resume', 'people');
    expect([resumed.code, resumed.stderr]).toEqual([0, '']);
  }, 120_000);

  it('change how many jobs run at once, replay messages and rotate their secret, and show who changed what', async () => {
    const webhook_url = receiver.url('/told');
    await server.generate('movies', { title: 'Told And Edited', release_year: 2000, webhook_url });
    const edited = await server.send(
      'PATCH',
      '/movies/told-and-edited-2000',
      { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      JSON.stringify({ release_year: 2001 }),
    );
    expect(edited.status).toBe(200);
    await eventually(async () => receiver.at('/told').length === 1);
    await eventually(async () => (await server.rows(`SELECT 1 FROM webhook_deliveries WHERE status = 'DELIVERED'`))[0]);
    const [set, wrong, messages, none, audit, table] = await Promise.all([
      json<ConcurrencyDto>('concurrency', 'set', '3'),
      run('concurrency', 'set', '0'),
      json<AnyDeliveryListDto>('webhooks', 'list', '--status', 'delivered', '--since', '1h'),
      run('webhooks', 'list', '--status', 'FAILED'),
      json<DeedListDto>('audit', '--on', 'movie', '--target', 'told-and-edited-2000', '--since', '1h'),
      run('audit', '--on', 'movie', '--limit', '1'),
    ]);
    expect([set.concurrency, wrong.code, wrong.stderr]).toEqual([3, 2, expect.stringContaining('takes 1..1000')]);
    expect(messages.results).toEqual([expect.objectContaining({ type: 'job.completed', status: 'DELIVERED' })]);
    expect([none.code, none.stdout]).toEqual([0, 'There are no such messages.\n']);
    expect(audit.results).toEqual([expect.objectContaining({ target_kind: 'MOVIE', details: expect.anything() })]);
    expect([table.code, table.stdout]).toEqual([0, expect.stringContaining('told-and-edited-2000')]);
    const [replayed, rotated, shown] = await Promise.all([
      run('webhooks', 'replay', messages.results[0]!.delivery_id),
      run('webhooks', 'rotate'),
      run('concurrency', 'set', 'default'),
    ]);
    expect([replayed.code, replayed.stdout]).toEqual([0, expect.stringMatching(/^PENDING /)]);
    expect([rotated.code, rotated.stdout]).toEqual([0, expect.stringMatching(/^whsec_\S+\n$/)]);
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringMatching(/^wished: as WORKER_CONCURRENCY says/)]);
    await eventually(async () => receiver.at('/told').length === 2);
  }, 120_000);
});
