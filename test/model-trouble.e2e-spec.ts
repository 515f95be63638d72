import type { ModelsDto } from '../src/admin/model.dto.js';
import type { DetailDto } from '../src/health/detail.dto.js';
import type { JobDto } from '../src/jobs/jobs.dto.js';
import { Events } from './support/client/events.js';
import { describeServer, WITH_MODEL } from './support/server/describe-server.js';
import { eventually } from './support/server/server.js';
import type { Behaviour } from './support/model/stub-model.js';

const ADMIN_TOKEN = 'an-operator-0123456789';
const AS_OPERATOR = { authorization: `Bearer ${ADMIN_TOKEN}` };
const MODEL = 'model-a';
const CONCURRENCY = 10;

const refused = (status: number, message?: string): Behaviour => ({
  kind: 'status',
  status,
  ...(message && { message }),
});

interface Row {
  model: string;
  opened_at: Date | null;
  opened_by: string | null;
  next_probe_at: Date | null;
  wait_seconds: number | null;
  answered_since: Date | null;
}

describeServer(
  'a model in trouble',
  { ...WITH_MODEL, OPENAI_MODEL: MODEL, OPENAI_TIMEOUT_MS: '6000', ADMIN_TOKEN },
  ({ server, model }) => {
    let run = 0;

    const breaker = async () => (await server.rows<Row>('SELECT * FROM model_breakers'))[0];
    const heldOpen = () => eventually(async () => (await breaker())?.opened_at != null);
    /** As if the time of the next probe had come. */
    const bringProbe = () => server.rows('UPDATE model_breakers SET next_probe_at = now() WHERE opened_at IS NOT NULL');
    const titles = (count: number) => {
      const tag = `Trouble ${++run}`;
      return Array.from({ length: count }, (_, n) => `${tag} Film ${n}`);
    };
    const submit = async (title: string, more: object = {}) =>
      (await server.post('/movies/generate', { title, release_year: 2000, ...more })).body;
    const jobOf = async (id: string) => (await server.get<JobDto>(`/jobs/${id}`)).body;
    const callsSince = (from: number) => model.calls.length - from;
    const models = async () => (await server.get<ModelsDto>('/admin/model', AS_OPERATOR)).body.models;
    const text = async (path: string) => (await server.get<string>(path, AS_OPERATOR)).body;

    beforeEach(async () => {
      model.otherwise({ kind: 'answer' });
      await server.rows('DELETE FROM model_breakers; DELETE FROM throttles');
    });

    it('has all of 40 jobs DONE by their first try where the service takes 5 calls a second', async () => {
      const taken: number[] = [];
      model.otherwise(() => {
        const now = Date.now();
        while (taken[0]! < now - 1000) taken.shift();
        if (taken.length >= 5) return { kind: 'status', status: 429, headers: { 'retry-after': '1' } };
        taken.push(now);
        return { kind: 'answer' };
      });
      const from = model.calls.length;
      const jobs = await Promise.all(titles(40).map((title) => submit(title)));
      const ended = await Promise.all(jobs.map(({ job_id }) => server.finished(job_id, 60_000)));
      const failures = `SELECT try -> 'error' ->> 'message' AS told FROM generation_jobs, jsonb_array_elements(history) AS try
        WHERE try ->> 'outcome' = 'FAILED'`;
      expect(await server.rows(failures)).toEqual([]);
      expect(ended.map(({ status, attempts }) => `${status} ${attempts}`)).toEqual(jobs.map(() => 'DONE 1'));
      expect(callsSince(from)).toBeGreaterThan(40);
    }, 70_000);

    it('waits 10 s, then twice as long up to 60 s, where the service does not say how long', async () => {
      const [title] = titles(1);
      const job = submit(title!);
      const waits: number[] = [];
      model.otherwise(refused(429));
      for (let calls = 1; calls <= 5; calls++) {
        const [pause] = await eventually(async () => {
          const rows = await server.rows<{ wait_seconds: number }>(
            'SELECT wait_seconds FROM throttles WHERE until > now() AND untold = $1',
            [calls],
          );
          return rows.length > 0 && rows;
        });
        waits.push(pause!.wait_seconds);
        if (calls === 5) model.otherwise({ kind: 'answer' });
        await server.rows('UPDATE throttles SET until = now()');
      }
      expect(waits).toEqual([10, 20, 40, 60, 60]);
      expect(await server.finished((await job).job_id)).toMatchObject({ status: 'DONE', attempts: 1 });
      expect(await server.rows("SELECT untold FROM throttles WHERE name = 'model'")).toEqual([{ untold: 0 }]);
    }, 60_000);

    it('pauses once for all calls that were refused together', async () => {
      const from = model.calls.length;
      model.otherwise((_, made) => (made === 1 ? refused(429) : { kind: 'answer' }));
      const jobs = await Promise.all(titles(6).map((title) => submit(title)));
      await eventually(async () => callsSince(from) >= 1 && (await server.rows('SELECT 1 FROM throttles')).length > 0);
      await eventually(
        async () => (await server.rows(`SELECT 1 FROM generation_jobs WHERE status = 'IN_PROGRESS'`)).length === 0,
      );
      expect(await server.rows("SELECT wait_seconds, untold FROM throttles WHERE name = 'model'")).toEqual([
        { wait_seconds: 10, untold: 1 },
      ]);
      await server.rows('UPDATE throttles SET until = now()');
      // Those that were not asked before are refused now.
      await eventually(async () => {
        await server.rows('UPDATE throttles SET until = now()');
        return (await server.rows(`SELECT 1 FROM generation_jobs WHERE status <> 'DONE'`)).length === 0;
      });
      for (const { job_id } of jobs) expect(await jobOf(job_id)).toMatchObject({ status: 'DONE', attempts: 1 });
    });

    const KEYS: [name: string, behaviour: Behaviour, status: number][] = [
      ['a revoked key', refused(401, 'Incorrect API key provided: sk-abcdefghijklmnopqrst'), 401],
      ['a bill that is not paid', refused(402, 'Insufficient Balance'), 402],
      ['a region that is not served', refused(403, 'Country, region, or territory not supported'), 403],
      ['a model that is gone', refused(404, 'The model `model-a` does not exist'), 404],
      ['a quota that is used up', refused(429, 'You exceeded your current quota, please check your plan'), 429],
    ];

    it.each(KEYS)(
      'holds all jobs for %s, tells everybody, and goes on when it is put right',
      async (_, fault, status) => {
        const from = model.calls.length;
        model.otherwise(fault);
        const names = titles(CONCURRENCY * 3);
        const first = await submit(names[0]!);
        const events = await Events.open(server.url, first.job_id);
        const jobs = [first, ...(await Promise.all(names.slice(1).map((title) => submit(title))))];
        await heldOpen();
        const HOLD = {
          reason: 'MODEL_UNAVAILABLE',
          message: `The model service answered ${status}.`,
          since: expect.stringMatching(/Z$/),
          next_probe_at: expect.stringMatching(/Z$/),
        };
        const waiting = await eventually(async () => {
          const now = await Promise.all(jobs.map(({ job_id }) => jobOf(job_id)));
          return now.every(({ status, hold }) => status === 'PENDING' && hold) && now;
        });
        expect(waiting.map(({ hold, attempts, error }) => ({ hold, attempts, error }))).toEqual(
          jobs.map(() => ({ hold: HOLD, attempts: 0, error: null })),
        );
        const [wait] = waiting.map(({ hold }) => Date.parse(hold!.next_probe_at!) - Date.parse(hold!.since));
        expect(wait).toBe(30_000);
        expect(callsSince(from)).toBeLessThanOrEqual(2 * CONCURRENCY);
        await expectTold(HOLD);
        await eventually(async () => events.received.at(-1)?.job.hold?.reason === 'MODEL_UNAVAILABLE');
        model.otherwise({ kind: 'answer' });
        await bringProbe();
        for (const { job_id } of jobs)
          expect(await server.finished(job_id)).toMatchObject({ status: 'DONE', attempts: 1 });
        const told = await events.all();
        expect(told.at(-1)!.job).toMatchObject({ status: 'DONE', hold: null });
        expect(told.map(({ id }) => id)).toEqual(told.map(({ id }) => id).toSorted((one, other) => one - other));
        expect((await breaker())!.opened_at).toBeNull();
        const none = { since: null, next_probe_at: null, message: null, reason: null };
        expect(await models()).toEqual([{ name: MODEL, state: 'closed', ...none, failures: 0 }]);
        expect(await server.rows('SELECT 1 FROM failed_jobs')).toEqual([]);
      },
    );

    async function expectTold(hold: object) {
      const { queues, warnings } = (await server.get<DetailDto>('/health/detail', AS_OPERATOR)).body;
      expect(queues!.map((queue) => queue.hold)).toEqual([hold, hold, null]);
      expect(warnings).toEqual(
        expect.arrayContaining([expect.stringMatching(/^The model model-a is held since .*wait/)]),
      );
      expect(warnings.join()).not.toContain('sk-abcdefghijklmnopqrst');
      const listed = await server.get<{ queues: { hold: object | null }[] }>('/admin/queues', AS_OPERATOR);
      expect(listed.body.queues.map((queue) => queue.hold)).toEqual([hold, hold, null]);
      await eventually(async () => /^moviemind_queue_held\{queue="movies"\} 1$/m.test(await text('/metrics')));
      expect(await text('/metrics')).toMatch(/^moviemind_model_held\{model="model-a"\} 1$/m);
      const since = expect.stringMatching(/Z$/);
      expect(await models()).toMatchObject([{ name: MODEL, state: 'open', since, next_probe_at: since, failures: 0 }]);
      expect(JSON.stringify(await models())).not.toContain('sk-abcdefghijklmnopqrst');
    }

    it('tells a waiting client when a hold begins and when it ends, though the job itself has not changed', async () => {
      await server.rows(`INSERT INTO queue_pauses (queue) VALUES ('people')`);
      const [name] = titles(1);
      const { job_id } = (await server.post('/people/generate', { name })).body;
      const events = await Events.open(server.url, job_id);
      const reasons = () => events.received.map(({ job }) => job.hold?.reason ?? null);
      try {
        await eventually(async () => reasons().at(-1) === 'PAUSED');
        const { id } = events.received.at(-1)!;
        const again = await Events.open(server.url, job_id, { 'last-event-id': String(id) });
        await eventually(async () => again.received.at(-1)?.job.hold?.reason === 'PAUSED');
        again.close();
      } finally {
        await server.rows('DELETE FROM queue_pauses');
      }
      await events.all();
      expect(reasons().slice(0, 2)).toEqual(['PAUSED', null]);
    });

    it('has others probe before the job whose trouble it was, one at a time, and longer apart each time', async () => {
      model.otherwise(refused(401));
      const [alone, ...others] = titles(4);
      const opener = await submit(alone!);
      await heldOpen();
      expect(await breaker()).toMatchObject({ opened_by: opener.job_id, wait_seconds: 30 });
      const from = model.calls.length;
      const waiting = [];
      for (const title of others) waiting.push(await submit(title));
      for (const wait of [60, 120, 240, 300]) {
        await bringProbe();
        await eventually(
          async () => (await breaker())!.wait_seconds === wait && (await breaker())!.next_probe_at! > new Date(),
        );
      }
      const asked = model.calls.slice(from).map(({ subject }) => subject);
      expect(asked).toEqual([...others, others[0]]);
      model.otherwise({ kind: 'answer', delayMs: 1000 });
      await bringProbe();
      await eventually(async () => (await models())[0]!.state === 'half-open');
      model.otherwise({ kind: 'answer' });
      for (const { job_id } of [opener, ...waiting])
        expect(await server.finished(job_id)).toMatchObject({ status: 'DONE', attempts: 1 });
    }, 60_000);

    it('fails a job that alone is turned away while others succeed, and holds nothing', async () => {
      const [poison, ...good] = titles(41);
      // Some run when it is turned away, for they end one after the other, and some begin after that.
      const delayOf = (subject: string) => 300 + 300 * (good.indexOf(subject) % CONCURRENCY);
      model.otherwise((subject) => (subject === poison ? refused(403) : { kind: 'answer', delayMs: delayOf(subject) }));
      const early = await Promise.all(good.slice(0, CONCURRENCY).map((title) => submit(title)));
      const bad = await submit(poison!);
      const others = [...early, ...(await Promise.all(good.slice(CONCURRENCY).map((title) => submit(title))))];
      expect(await server.finished(bad.job_id)).toMatchObject({
        status: 'FAILED',
        attempts: 1,
        error: { type: 'AI_API_ERROR', message: 'The model service answered 403.', retryable: false },
      });
      for (const { job_id } of others) expect((await server.finished(job_id)).status).toBe('DONE');
      expect((await breaker())!.opened_at).toBeNull();
    });

    it('does not let a poisonous job hold the queue for long that was alone at first', async () => {
      const [poison, good] = titles(2);
      model.otherwise((subject) => (subject === poison ? refused(403) : { kind: 'answer' }));
      const bad = await submit(poison!);
      await heldOpen();
      const other = await submit(good!);
      await bringProbe();
      expect(await server.finished(other.job_id)).toMatchObject({ status: 'DONE', attempts: 1 });
      expect(await server.finished(bad.job_id)).toMatchObject({ status: 'FAILED', attempts: 1 });
      expect((await breaker())!.opened_at).toBeNull();
    });

    it.each<[name: string, fault: Behaviour]>([
      ['answers 500', refused(500)],
      ['does not answer in time', { kind: 'hang' }],
      ['drops connections', { kind: 'cut' }],
    ])('holds all jobs after five failures in a row of a service that %s', async (_, fault) => {
      model.otherwise(fault);
      const jobs = await Promise.all(titles(CONCURRENCY * 2).map((title) => submit(title)));
      await heldOpen();
      await eventually(
        async () => (await server.rows(`SELECT 1 FROM generation_jobs WHERE status = 'IN_PROGRESS'`)).length === 0,
      );
      const tries = await server.rows<{ sum: number }>(
        `SELECT sum(attempts)::int FROM generation_jobs WHERE id = ANY($1::uuid[])`,
        [jobs.map(({ job_id }) => job_id)],
      );
      expect(tries).toEqual([{ sum: 4 }]);
      model.otherwise({ kind: 'answer' });
      await bringProbe();
      for (const { job_id } of jobs) expect((await server.finished(job_id)).status).toBe('DONE');
    });

    it('is probed at once when an operator says so', async () => {
      model.otherwise(refused(401));
      const [title] = titles(1);
      const job = await submit(title!);
      await heldOpen();
      model.otherwise({ kind: 'answer' });
      expect((await server.send('POST', '/admin/queues/movies/resume?now=true', AS_OPERATOR)).status).toBe(200);
      expect(await server.finished(job.job_id)).toMatchObject({ status: 'DONE', attempts: 1 });
    });
  },
);

describeServer('two models', { ...WITH_MODEL, OPENAI_MODEL: 'model-a, model-b', ADMIN_TOKEN }, ({ server, model }) => {
  const generate = (title: string) => server.generate('movies', { title, release_year: 2000 });
  const bringProbe = () =>
    server.rows(`UPDATE model_breakers SET next_probe_at = now() WHERE model = 'model-a' AND opened_at IS NOT NULL`);
  const askedFor = (title: string) => model.callsFor(title).map(({ request }) => request.model);

  it('asks the second while the first is held, and the first again once a probe was answered', async () => {
    const films = Array.from({ length: 20 }, (_, n) => `Fallback ${n}`);
    model.otherwise((_subject, _made, _schema, _data, asked) =>
      asked === 'model-a' ? refused(401) : { kind: 'answer' },
    );
    const jobs = await Promise.all(films.map((title) => generate(title)));
    expect(jobs.map(({ status, attempts }) => `${status} ${attempts}`)).toEqual(films.map(() => 'DONE 1'));
    const { queues, warnings } = (await server.get<DetailDto>('/health/detail', AS_OPERATOR)).body;
    expect(queues!.map(({ hold }) => hold)).toEqual([null, null, null]);
    expect(warnings.join()).toMatch(/The model model-a is held since .*401.*another model is asked instead/);
    await bringProbe();
    // On its way it is turned away, and then the second model writes it.
    await eventually(async () => {
      const title = `Probing ${Math.random()}`;
      expect(await generate(title)).toMatchObject({ status: 'DONE', attempts: 1 });
      return askedFor(title).length === 2;
    });
    model.otherwise({ kind: 'answer' });
    await bringProbe();
    await eventually(async () => {
      const title = `Probing ${Math.random()}`;
      await generate(title);
      return askedFor(title).join() === 'model-a';
    });
    await generate('The First Again');
    expect(askedFor('The First Again')).toEqual(['model-a']);
  });

  it('holds all jobs when both are in trouble, until the first of them is probed', async () => {
    model.otherwise(refused(402));
    const jobs = await Promise.all(
      Array.from({ length: 4 }, (_, n) =>
        server.post('/movies/generate', { title: `Neither ${n}`, release_year: 2000 }),
      ),
    );
    await eventually(async () => {
      const held = await server.rows('SELECT 1 FROM model_breakers WHERE opened_at IS NOT NULL');
      return held.length === 2;
    });
    await eventually(async () => {
      const { hold } = (await server.get<JobDto>(jobs[0]!.body.links.self)).body;
      return hold?.reason === 'MODEL_UNAVAILABLE';
    });
    model.otherwise((_subject, _made, _schema, _data, asked) =>
      asked === 'model-a' ? refused(402) : { kind: 'answer' },
    );
    await server.rows('UPDATE model_breakers SET next_probe_at = now()');
    for (const { body } of jobs)
      expect(await server.finished(body.job_id)).toMatchObject({ status: 'DONE', attempts: 1 });
  });
});

describeServer('MODEL_CONCURRENCY', { ...WITH_MODEL, MODEL_CONCURRENCY: '2' }, ({ server, model }) => {
  it('bounds the calls of all jobs at once, films and people', async () => {
    model.otherwise({ kind: 'answer', delayMs: 60 });
    const films = Array.from({ length: 8 }, (_, n) =>
      server.generate('movies', { title: `Bounded ${n}`, release_year: 2000 }),
    );
    const people = Array.from({ length: 4 }, (_, n) => server.generate('people', { name: `Bounded ${n}` }));
    let most = 0;
    const watching = setInterval(() => {
      const open = model.calls.filter(({ at }) => Date.now() - at < 50);
      most = Math.max(most, open.length);
    }, 5);
    const jobs = await Promise.all([...films, ...people]).finally(() => clearInterval(watching));
    expect(jobs.map(({ status }) => status)).toEqual(jobs.map(() => 'DONE'));
    expect(most).toBeLessThanOrEqual(2);
  });
});

describeServer('MODEL_TOKENS_PER_MINUTE', { ...WITH_MODEL, MODEL_TOKENS_PER_MINUTE: '1000' }, ({ server, model }) => {
  it('lets no more jobs begin than fit into a minute, and one where a call takes more', async () => {
    // Each takes 444.
    const films = Array.from({ length: 5 }, (_, n) => ({ title: `Counted ${n}`, release_year: 2000 }));
    const jobs = await Promise.all(films.map((film) => server.post('/movies/generate', film)));
    const done = async () => (await server.rows(`SELECT 1 FROM generation_jobs WHERE status = 'DONE'`)).length;
    const aMinuteLater = () => server.rows(`UPDATE model_spends SET spent_at = spent_at - interval '61 seconds'`);
    const nothingMore = async () => {
      const before = model.calls.length;
      await new Promise((over) => setTimeout(over, 500)); // long enough for those that wait to look again
      expect(model.calls).toHaveLength(before);
    };
    await eventually(async () => (await done()) === 2);
    await nothingMore();
    await aMinuteLater();
    await eventually(async () => (await done()) === 4);
    // As if a try took more than a minute has.
    await server.rows(`INSERT INTO model_spends (tries, tokens) VALUES (1, 100000)`);
    await nothingMore();
    await aMinuteLater();
    for (const { body } of jobs) expect((await server.finished(body.job_id)).status).toBe('DONE');
  });
});
