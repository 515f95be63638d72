import { version } from 'moviemind-command/node.js';
import { jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConcurrencyDto } from '../src/admin/concurrency.controller.js';
import type { FleetDto, FleetWorkerDto } from '../src/admin/workers.dto.js';
import type { QueueDto, QueueListDto } from '../src/admin/queues.dto.js';
import type { DetailDto } from '../src/health/detail.dto.js';
import type { JobDto } from '../src/jobs/jobs.dto.js';
import { JOBS_BY_ID } from '../src/ledger/job-reader.js';
import { UNFINISHED_BY_INDEX } from '../src/health/queue-report.js';
import { ago, alike, fromNow, insertJob, insertJobs } from './support/ledger/insert-job.js';
import { Events } from './support/client/events.js';
import { onRedis } from './support/run/on-driver.js';
import { OwnRedis } from './support/machines/own-redis.js';
import { Program } from './support/server/process.js';
import { Receiver } from './support/client/receiver.js';
import { eventually, type Settings, TestServer } from './support/server/server.js';
import { StubModel } from './support/model/stub-model.js';
import { startWorker } from './support/server/worker.js';

const TOKEN = 'a-long-enough-admin-token';
const KEY = { authorization: `Bearer ${TOKEN}` };
const CLI = join(process.cwd(), 'dist/src/cli.js');
const LEASE = { JOB_LEASE_MS: '3000' };

const listOf = async (server: TestServer) => (await server.get<QueueListDto>('/admin/queues', KEY)).body.queues;
const queueOf = async (server: TestServer, name: string) =>
  (await listOf(server)).find((queue) => queue.name === name)!;
const turn = (server: TestServer, name: string, what: 'pause' | 'resume') =>
  server.send<QueueDto>('POST', `/admin/queues/${name}/${what}`, KEY);
const detailOf = async (server: TestServer) => (await server.get<DetailDto>('/health/detail', KEY)).body;
const statusOf = async (server: TestServer, id: string) =>
  (await server.get<{ status: string }>(`/jobs/${id}`)).body.status;

describe('the queues', () => {
  let model: StubModel;
  let receiver: Receiver;
  let stub: Settings;
  let server: TestServer;

  beforeAll(async () => {
    model = await StubModel.start();
    receiver = await Receiver.start();
    stub = {
      ADMIN_TOKEN: TOKEN,
      OPENAI_API_KEY: 'key-0123456789',
      OPENAI_BASE_URL: model.url,
      WEBHOOK_ALLOW_PRIVATE: 'true',
    };
    server = await TestServer.start(stub);
  });

  afterAll(async () => {
    await server.stop();
    await receiver.stop();
    await model.stop();
  });

  afterEach(async () => {
    for (const name of ['movies', 'people', 'webhooks']) await turn(server, name, 'resume');
  });

  const submit = async (title: string, more: object = {}, to = server) => {
    const { status, body } = await to.post('/movies/generate', { title, release_year: 2000, ...more });
    expect(status).toBe(202);
    return body.job_id;
  };

  it('are counted by state from the ledger, each on its own', async () => {
    const api = await TestServer.start({ ...stub, ROLE: 'api' });
    try {
      const id = await submit('Counted By The Queue Itself', {}, api);
      await api.rows(
        `UPDATE generation_jobs SET created_at = now() - interval '2 minutes', run_at = now() - interval '90 seconds' WHERE id = $1`,
        [id],
      );
      const made = { created_at: ago(3600) };
      await insertJobs(api.db, [
        { ...made, run_at: fromNow(3600) },
        { ...made, run_at: fromNow(3600), entity: 'PERSON' },
        { ...made, status: 'IN_PROGRESS' },
        { ...made, status: 'FAILED' },
        ...alike(4, { ...made, status: 'DONE' }),
        { ...made, status: 'DONE', finished_at: ago(600) },
      ]);
      // Not at once: a Redis that is new to the server is filled again when it has been noticed.
      const [movies, people] = await eventually(async () => {
        const all = await listOf(api);
        return all[0]!.queue?.waiting === 1 && all[0]!.jobs.dispatched === 1 && all;
      });
      expect(movies).toMatchObject({
        name: 'movies',
        paused: false,
        paused_at: null,
        jobs: { due: 0, delayed: 1, dispatched: 1, in_progress: 1, failed: 1, finished_per_minute: 1 },
        queue: { waiting: 1, active: 0, delayed: 0 },
        queue_unknown: null,
        workers: [],
      });
      expect(movies!.jobs.oldest_waiting_seconds).toBeGreaterThan(89);
      expect(people!.jobs).toMatchObject({
        due: 0,
        delayed: 1,
        dispatched: 0,
        failed: 0,
        oldest_waiting_seconds: null,
      });
      expect((await detailOf(api)).warnings).toEqual([
        'No worker is alive, jobs that wait: 1; start one (ROLE=worker)',
      ]);
      expect(await statusOf(api, id)).toBe('PENDING');
    } finally {
      await api.stop();
    }
  });

  it('are counted, and a job is looked up, without reading what is finished, however much that is', async () => {
    const api = await TestServer.start({ ...stub, ROLE: 'api' });
    try {
      await insertJobs(api.db, alike(20_000, { status: 'DONE', finished_at: ago(86_400) }));
      await api.rows('ANALYZE generation_jobs');
      const readsAll = /"Node Type":"Seq Scan","[^}]*"Relation Name":"generation_jobs"/;
      for (const statement of UNFINISHED_BY_INDEX) {
        const plan = JSON.stringify(await api.rows(`EXPLAIN (FORMAT JSON) ${statement}`));
        expect(plan).toMatch(/generation_jobs|webhook_deliveries/);
        expect(plan).not.toMatch(readsAll);
      }
      const lookUp = JSON.stringify(await api.rows(`EXPLAIN (FORMAT JSON) ${JOBS_BY_ID}`, [[randomUUID()], [null]]));
      expect(lookUp).toContain('"Index Name":"generation_jobs_pkey"');
      expect(lookUp).not.toMatch(readsAll);
    } finally {
      await api.stop();
    }
  });

  it('are worked on by as many at once, and with as many tries, as the settings say', async () => {
    const one = await TestServer.start({ ...stub, WORKER_CONCURRENCY: '2', GENERATION_TRIES: '1' });
    const titles = Array.from({ length: 5 }, (_, n) => `Two At Once ${n}`);
    const called = () => titles.filter((title) => model.callsFor(title).length > 0);
    try {
      for (const title of titles) {
        model.script(title, { kind: 'hang' });
        await submit(title, {}, one);
      }
      await eventually(async () => called().length === 2);
      model.script('One Try Only', { kind: 'status', status: 500 });
      const person = await one.generate('people', { name: 'One Try Only' });
      expect(person).toMatchObject({ status: 'FAILED', attempts: 1, max_attempts: 1, error: { retryable: true } });
      expect(model.callsFor('One Try Only')).toHaveLength(1);
      await sleep(1000); // no third one follows
      expect(called()).toHaveLength(2);
      // Changed while all of its places are taken; then given back.
      const set = (concurrency: number | null) =>
        one.send<ConcurrencyDto>(
          'PUT',
          '/admin/concurrency',
          { ...KEY, 'content-type': 'application/json' },
          JSON.stringify({ concurrency }),
        );
      expect((await set(4)).body).toMatchObject({ concurrency: 4, workers: [{ name: expect.any(String) }] });
      await eventually(async () => called().length === 4);
      expect((await queueOf(one, 'movies')).workers).toEqual([expect.objectContaining({ concurrency: 4, running: 4 })]);
      expect((await set(0)).status).toBe(422);
      expect((await set(null)).body.concurrency).toBeNull();
      await eventually(async () => (await queueOf(one, 'movies')).workers[0]!.concurrency === 2);
      expect(called()).toHaveLength(4);
    } finally {
      await one.stop();
    }
  });

  it('begin nothing while they are paused, let the running end, and accept; and go on when they are resumed', async () => {
    model.script('Running When Paused', { kind: 'answer', delayMs: 700 });
    const running = await submit('Running When Paused');
    await eventually(async () => model.callsFor('Running When Paused').length === 1);
    const { status, body } = await turn(server, 'movies', 'pause');
    expect([status, body.paused, body.paused_at]).toEqual([200, true, expect.stringMatching(/Z$/)]);
    const waiting = await Promise.all(['One', 'Two', 'Three'].map((name) => submit(`Paused ${name}`)));
    expect((await server.finished(running)).status).toBe('DONE');
    // The other queue runs, and so the worker had its chance to take these as well.
    expect((await server.generate('people', { name: 'Not Paused' })).status).toBe('DONE');
    for (const id of waiting) expect(await statusOf(server, id)).toBe('PENDING');
    expect(model.calls.filter(({ subject }) => subject.startsWith('Paused'))).toEqual([]);
    expect((await turn(server, 'movies', 'resume')).body).toMatchObject({ paused: false, paused_at: null });
    for (const id of waiting) expect(await server.finished(id)).toMatchObject({ status: 'DONE', attempts: 1 });
  });

  it('that are paused are told of by the jobs that wait, wherever those are read, in one statement; not by others', async () => {
    const { body: paused } = await turn(server, 'movies', 'pause');
    const id = await submit('Held Up');
    const person = await server.generate('people', { name: 'Not Held Up' });
    const hold = {
      reason: 'PAUSED',
      message: expect.stringMatching(/movies/),
      since: paused.paused_at,
      next_probe_at: null,
    };
    const query = jest.spyOn(PROGRAM.pg.Client.prototype, 'query');
    const { body: polled } = await server.get<JobDto>(`/jobs/${id}`);
    const asked = query.mock.calls.map(([first]) => (first as unknown as { text?: string }).text ?? first);
    query.mockRestore();
    expect(asked.filter((text) => text === JOBS_BY_ID)).toHaveLength(1);
    const wait = { prefer: 'wait=1', 'if-none-match': '"another"' };
    const held = (await server.get<JobDto>(`/jobs/${id}`, wait)).body;
    const [listed] = (await server.get<{ results: JobDto[] }>('/jobs?slug=held-up-2000')).body.results;
    const events = await Events.open(server.url, id);
    const told = await eventually(async () => events.received[0]?.job);
    events.close();
    for (const job of [polled, held, listed!, told]) expect(job).toMatchObject({ status: 'PENDING', hold });
    expect([person.status, person.hold]).toEqual(['DONE', null]);
    await turn(server, 'movies', 'resume');
    expect(await server.finished(id)).toMatchObject({ status: 'DONE', hold: null });
  });

  it('of webhooks are paused and resumed, and counted, like those of jobs', async () => {
    await turn(server, 'webhooks', 'pause');
    const id = await submit('Told Later', { webhook_url: receiver.url('/later') });
    expect((await server.finished(id)).status).toBe('DONE');
    const { jobs, workers } = await eventually(async () => {
      const queue = await queueOf(server, 'webhooks');
      return queue.queue?.active === 1 && queue.jobs.dispatched === 1 && queue;
    });
    expect(jobs).toMatchObject({
      due: 0,
      delayed: 0,
      dispatched: 1,
      in_progress: 0,
      failed: 0,
      finished_per_minute: 0,
    });
    expect(workers).toEqual([expect.objectContaining({ concurrency: 50, running: null })]);
    expect(receiver.at('/later')).toEqual([]);
    await turn(server, 'webhooks', 'resume');
    await eventually(async () => receiver.at('/later').length === 1);
    const told = await eventually(async () => {
      const queue = await queueOf(server, 'webhooks');
      return queue.jobs.finished_per_minute > 0 && queue.jobs;
    });
    expect(told).toMatchObject({ dispatched: 0, in_progress: 0, finished_per_minute: 0.2 });
  });

  it('are paused twice and resumed twice like once', async () => {
    const first = await turn(server, 'people', 'pause');
    const second = await turn(server, 'people', 'pause');
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body.paused_at).toBe(first.body.paused_at);
    for (let n = 0; n < 2; n++)
      expect(await turn(server, 'people', 'resume')).toMatchObject({ status: 200, body: { paused: false } });
  });

  it('are ready and say so in detail while they are paused, and let deadlines expire', async () => {
    await turn(server, 'movies', 'pause');
    const id = await submit('Late While Paused', { deadline_seconds: 1 });
    const patient = await submit('Patient While Paused');
    expect((await server.get('/health/ready')).status).toBe(200);
    const { queues, warnings } = await detailOf(server);
    expect(queues!.find(({ name }) => name === 'movies')).toMatchObject({
      paused_at: expect.any(String),
      workers: 1,
      places: 10,
    });
    expect(warnings).toEqual([expect.stringMatching(/^Queue movies is paused since .*Z/)]);
    expect((await server.finished(id)).status).toBe('EXPIRED');
    await turn(server, 'movies', 'resume');
    expect((await server.finished(patient)).status).toBe('DONE');
    expect(model.callsFor('Late While Paused')).toEqual([]);
    expect((await detailOf(server)).warnings).toEqual([]);
  });

  it('are known by their names only, and to operators only', async () => {
    for (const what of ['pause', 'resume'] as const) {
      const { status, body } = await turn(server, 'songs', what);
      expect([status, body]).toEqual([404, expect.objectContaining({ type: 'urn:moviemind:problem:not-found' })]);
      expect((await server.send('POST', `/admin/queues/movies/${what}`)).status).toBe(401);
    }
    expect((await server.get('/admin/queues')).status).toBe(401);
    expect((await queueOf(server, 'movies')).paused).toBe(false);
  });

  /** Jobs and people that wait behind one answer of the model. */
  const heldUp = async (title = 'Asks For A Day') => {
    model.script(title, { kind: 'status', status: 429, headers: { 'retry-after': '100000' } });
    const ids = [await submit(title)];
    await eventually(async () => (await queueOf(server, 'movies')).hold);
    ids.push(await submit('Waits With It'));
    ids.push((await server.post('/people/generate', { name: 'Waits Too' })).body.job_id);
    return ids;
  };
  const HELD = { reason: 'RATE_LIMITED', message: expect.stringMatching(/answered 429.*pause/) };
  const WARNING = /^(warning: )?Queues movies and people rest until 20\S+Z, .*answered 429\); .*queues resume --now/;
  const secondsLeft = async (queue: string) => {
    const { body } = await server.get<string>('/metrics', KEY);
    return Number(
      new RegExp(`^moviemind_queue_hold_seconds\\{queue="${queue}"\\} (\\S+)$`, 'm').exec(body)?.[1] ?? NaN,
    );
  };
  const command = async (...args: string[]) => {
    const program = new Program({ MOVIEMIND_URL: server.url, MOVIEMIND_TOKEN: TOKEN }, CLI, args);
    return { code: await program.exited, output: program.output, stdout: program.stdout };
  };

  it('say everywhere that the model holds them up, for how long and why, and go on at once when an operator says so', async () => {
    const ids = await heldUp();
    const [movies, people, webhooks] = await listOf(server);
    for (const queue of [movies, people]) expect(queue).toMatchObject({ paused: false, hold: HELD });
    expect(webhooks!.hold).toBeNull();
    const minutes = (Date.parse(movies!.hold!.next_probe_at!) - Date.parse(movies!.hold!.since)) / 60_000;
    expect(Math.round(minutes)).toBe(60);
    const { queues, warnings } = await detailOf(server);
    expect(queues!.map(({ hold }) => hold?.reason)).toEqual(['RATE_LIMITED', 'RATE_LIMITED', undefined]);
    expect(warnings).toEqual([expect.stringMatching(WARNING)]);
    await eventually(async () => (await secondsLeft('movies')) > 3000 && (await secondsLeft('people')) > 3000);
    expect(await secondsLeft('webhooks')).toBeNaN();
    expect(await command('doctor')).toMatchObject({ code: 1, stdout: expect.stringMatching(WARNING) });
    expect((await command('queues')).output).toMatch(
      /movies.*rests until 20[\s\S]*people.*rests until[\s\S]*webhooks.*runs/,
    );
    // An operator's pause is another matter.
    expect((await turn(server, 'movies', 'resume')).body.hold).toMatchObject(HELD);
    const resumed = await command('queue', 'resume', '--now');
    expect([resumed.code, resumed.output]).toEqual([0, expect.not.stringMatching(/rests/)]);
    for (const id of ids) expect((await server.finished(id)).status).toBe('DONE');
    expect((await detailOf(server)).warnings).toEqual([]);
    await eventually(async () => (await secondsLeft('movies')) === 0);
    // There is one pause for all of them: a film runs as well when the people are resumed.
    const [film] = await heldUp('Asks For Another Day');
    await server.send('POST', '/admin/queues/people/resume?now=true', KEY);
    expect((await server.finished(film!)).status).toBe('DONE');
  }, 60_000);

  it('that are resumed now run also what waits for its next try, and nothing of another queue', async () => {
    receiver.script('/again', 500);
    const told = await submit('Told Again', { webhook_url: receiver.url('/again') });
    const film = await insertJob(server.db, { title: 'Later Film', run_at: fromNow(3600) });
    const person = await insertJob(server.db, { entity: 'PERSON', title: 'Later Person', run_at: fromNow(3600) });
    expect((await server.finished(told)).status).toBe('DONE');
    const { status, body } = await server.send<QueueDto>('POST', '/admin/queues/movies/resume?now=true', KEY);
    expect([status, body.jobs.delayed]).toEqual([200, 0]);
    expect((await server.finished(film)).status).toBe('DONE');
    expect(await statusOf(server, person)).toBe('PENDING');
    await eventually(async () => (await queueOf(server, 'webhooks')).jobs.delayed === 1);
    expect(receiver.at('/again')).toHaveLength(1);
    await server.send('POST', '/admin/queues/webhooks/resume?now=true', KEY);
    await eventually(async () => receiver.at('/again').length === 2);
    await server.send('POST', `/jobs/${person}/cancel`, KEY);
  });

  it('are resumed now by operators only, who say true or false', async () => {
    expect((await server.send('POST', '/admin/queues/movies/resume?now=true')).status).toBe(401);
    expect((await server.send('POST', '/admin/queues/movies/resume?now=maybe', KEY)).status).toBe(422);
    expect((await server.send('POST', '/admin/queues/movies/resume?then=true', KEY)).status).toBe(422);
    expect((await server.send('POST', '/admin/queues/songs/resume?now=true', KEY)).status).toBe(404);
    expect(await command('queues', 'resume')).toMatchObject({ code: 2, output: expect.stringMatching(/--now/) });
  });

  it('are shown, paused and resumed from the command line', async () => {
    const run = async (...args: string[]) => {
      const program = new Program({ MOVIEMIND_URL: server.url, MOVIEMIND_TOKEN: TOKEN }, CLI, ['queues', ...args]);
      return { code: await program.exited, output: program.output, stdout: program.stdout };
    };
    const paused = await run('pause', 'movies', '--json');
    expect([paused.code, (JSON.parse(paused.stdout) as QueueDto).paused]).toEqual([0, true]);
    const table = await run();
    expect([table.code, table.output]).toEqual([
      0,
      expect.stringMatching(/movies.*paused since 20[\s\S]*people.*runs/),
    ]);
    expect((await run('resume', 'movies')).output).toMatch(/movies.*runs/);
    const { queues } = JSON.parse((await run('--json')).stdout) as QueueListDto;
    expect(queues.map(({ name, paused: is }) => [name, is])).toEqual(
      expect.arrayContaining([
        ['movies', false],
        ['people', false],
      ]),
    );
    const wrong = await run('pause', 'songs');
    expect([wrong.code, wrong.output]).toEqual([2, expect.stringMatching(/Allowed choices are movies/)]);
  });
});

describe('with API and worker in two processes', () => {
  let receiver: Receiver;
  let redis: OwnRedis | null = null;
  let model: StubModel;
  let api: TestServer;
  let stub: Settings;
  const workers: Program[] = [];
  const start = async (settings: Settings = {}) => {
    const worker = await startWorker(api, { ...stub, WORKER_CONCURRENCY: '3', ...settings });
    workers.push(worker);
    return worker;
  };

  beforeAll(async () => {
    if (DRIVER === 'redis') {
      redis = await OwnRedis.reserve();
      await redis.start();
    }
    model = await StubModel.start();
    receiver = await Receiver.start();
    stub = { OPENAI_API_KEY: 'key-0123456789', OPENAI_BASE_URL: model.url, WEBHOOK_ALLOW_PRIVATE: 'true' };
    api = await TestServer.start({
      ...stub,
      ...LEASE,
      ADMIN_TOKEN: TOKEN,
      ROLE: 'api',
      ...(redis && { REDIS_URL: redis.url }),
    });
  });

  afterAll(async () => {
    for (const { child } of workers) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await api.stop();
    await receiver.stop();
    await model.stop();
    await redis?.remove();
  });

  const wipeQueue = async () => {
    if (redis) await redis.ask((client) => client.flushall());
    else await api.rows('TRUNCATE bullmq.job CASCADE');
  };

  it('a pause outlives the queue that is wiped and the worker that is restarted', async () => {
    const first = await start();
    for (const name of ['movies', 'webhooks']) await turn(api, name, 'pause');
    const ids: string[] = [];
    for (let n = 0; n < 8; n++)
      ids.push((await api.post('/movies/generate', { title: `Outlives ${n}`, release_year: 2000 })).body.job_id);
    const person = { name: 'Before The Wipe', webhook_url: receiver.url('/outlives') };
    expect((await api.generate('people', person)).status).toBe('DONE');
    await wipeQueue();
    expect((await api.generate('people', { name: 'After The Wipe' }, 25_000)).status).toBe('DONE');
    expect(await first.end('SIGTERM')).toBe(0);
    await start();
    expect((await api.generate('people', { name: 'After The Restart' })).status).toBe('DONE');
    expect((await queueOf(api, 'movies')).paused).toBe(true);
    for (const id of ids) expect(await statusOf(api, id)).toBe('PENDING');
    expect(model.calls.filter(({ subject }) => subject.startsWith('Outlives'))).toEqual([]);
    expect(receiver.received).toEqual([]);
    for (const name of ['movies', 'webhooks']) await turn(api, name, 'resume');
    for (const id of ids) expect(await api.finished(id, 40_000)).toMatchObject({ status: 'DONE', attempts: 1 });
    expect(model.calls.filter(({ subject }) => subject.startsWith('Outlives'))).toHaveLength(8);
    await eventually(async () => receiver.at('/outlives').length === 1, 40_000);
  }, 90_000);

  it('workers are listed with what they run, leave when they stop, and are missed when they die', async () => {
    const [old] = workers.filter(({ child }) => child.exitCode === null);
    const other = await start();
    const listed = await eventually(async () => {
      const { workers: alive } = await queueOf(api, 'people');
      return alive.length === 2 && alive;
    });
    expect(listed.map(({ pid, queues, concurrency }) => [pid, queues.includes('movies'), concurrency])).toEqual(
      [old!, other].map(({ child }) => [child.pid, true, 3]),
    );
    expect(listed.map((worker) => worker.version)).toEqual([version, version]);
    const firstSeen = listed[0]!.seen_at;
    expect(await old!.end('SIGTERM')).toBe(0);
    expect((await queueOf(api, 'people')).workers.map(({ pid }) => pid)).toEqual([other.child.pid]);
    model.script('Runs On The Other', { kind: 'hang' });
    const { body } = await api.post('/movies/generate', { title: 'Runs On The Other' });
    await eventually(async () => (await queueOf(api, 'movies')).workers[0]!.running === 1);
    expect((await queueOf(api, 'people')).workers[0]!.running).toBe(0);
    await eventually(async () => (await queueOf(api, 'people')).workers[0]!.seen_at > firstSeen);
    await other.end('SIGKILL');
    await eventually(async () => (await queueOf(api, 'people')).workers.length === 0);
    await eventually(async () =>
      (await detailOf(api)).warnings.some((line) => line.startsWith('No worker is alive, jobs that wait: 1')),
    );
    const doctor = new Program({ MOVIEMIND_URL: api.url, MOVIEMIND_TOKEN: TOKEN }, CLI, ['doctor']);
    expect([await doctor.exited, doctor.stdout]).toEqual([1, expect.stringMatching(/no worker is alive/i)]);
    await api.send('POST', `/jobs/${body.job_id}/cancel`);
  }, 60_000);

  it('one worker is emptied while the other goes on: it takes no new job, ends its own, and may come back', async () => {
    // Long enough for a busy machine; each hears of a wish after a third of it.
    await start({ JOB_LEASE_MS: '9000' });
    await start({ JOB_LEASE_MS: '9000' });
    const fleet = async () => (await api.get<FleetDto>('/admin/workers', KEY)).body.workers;
    const stateOf = async (id: string) => (await fleet()).find((worker) => worker.id === id)?.state;
    const wish = (id: string, what: 'drain' | 'resume') =>
      api.send<FleetWorkerDto>('POST', `/admin/workers/${id}/${what}`, KEY);
    const workersOf = async (ids: string[]) =>
      (await api.rows<{ worker: string }>('SELECT worker FROM generation_jobs WHERE id = ANY($1)', [ids])).map(
        ({ worker }) => worker,
      );
    const submit = async (title: string) => (await api.post('/movies/generate', { title })).body.job_id;
    model.script('Ends Where It Runs', { kind: 'answer', delayMs: 8000 });
    const running = await submit('Ends Where It Runs');
    const busy = await eventually(async () => (await fleet()).find((worker) => worker.running === 1));
    const other = (await fleet()).find(({ id, state }) => id !== busy.id && state === 'ACTIVE')!;
    expect(busy).toMatchObject({ state: 'ACTIVE', concurrency: 3, version: expect.any(String), drain_asked_at: null });
    const asked = await wish(busy.id, 'drain');
    expect([asked.status, asked.body]).toEqual([202, expect.objectContaining({ id: busy.id, state: 'DRAINING' })]);
    await eventually(async () => (await queueOf(api, 'movies')).workers.find(({ id }) => id === busy.id)!.quiet);
    const ids = await Promise.all(Array.from({ length: 12 }, (_, n) => submit(`Elsewhere ${n}`)));
    for (const id of ids) expect(await api.finished(id, 40_000)).toMatchObject({ status: 'DONE', attempts: 1 });
    expect(new Set(await workersOf(ids))).toEqual(new Set([other.name]));
    expect(await api.finished(running)).toMatchObject({ status: 'DONE', attempts: 1 });
    expect(await workersOf([running])).toEqual([busy.name]);
    await eventually(async () => (await stateOf(busy.id)) === 'DRAINED');
    await wish(other.id, 'drain');
    await eventually(async () => (await stateOf(other.id)) === 'DRAINED');
    const waits = await submit('Waits For One');
    await eventually(async () =>
      (await detailOf(api)).warnings.some((line) => /^All workers .* are drained/.test(line)),
    );
    expect((await api.get<JobDto>(`/jobs/${waits}`)).body.status).toBe('PENDING');
    expect((await wish(busy.id, 'resume')).status).toBe(202);
    expect((await api.finished(waits, 40_000)).status).toBe('DONE');
    expect(await workersOf([waits])).toEqual([busy.name]);
    expect(await stateOf(busy.id)).toBe('ACTIVE');
    await wish(other.id, 'resume');
    for (const what of ['drain', 'resume'] as const)
      expect([(await wish(randomUUID(), what)).status, (await wish('x', what)).status]).toEqual([404, 400]);
  }, 120_000);

  onRedis('the ledger answers for a queue that does not', async () => {
    redis!.freeze();
    try {
      const { status } = await turn(api, 'people', 'pause');
      expect(status).toBe(200);
      const { paused, jobs, queue, queue_unknown } = await queueOf(api, 'people');
      expect([paused, jobs.due, queue, queue_unknown]).toEqual([
        true,
        0,
        null,
        expect.stringMatching(/does not answer/),
      ]);
    } finally {
      redis!.thaw();
      await turn(api, 'people', 'resume');
    }
  });
});
