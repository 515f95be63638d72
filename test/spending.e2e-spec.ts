import type { ModelsDto } from '../src/admin/model.dto.js';
import type { UsageReportDto } from '../src/admin/usage.dto.js';
import type { AttemptListDto } from '../src/jobs/attempts.dto.js';
import { promptVersionOf, type PromptChoice } from '../src/domain/prompt-versions.js';
import type { TextDto } from '../src/domain/text.dto.js';
import type { JobDto } from '../src/jobs/jobs.dto.js';
import { makeKey, type TestKey } from './support/client/keys.js';
import { type Behaviour, TOKENS } from './support/model/stub-model.js';
import { describeServer, WITH_MODEL } from './support/server/describe-server.js';
import { eventually, type TestServer } from './support/server/server.js';

const ADMIN_TOKEN = 'an-operator-0123456789';
const AS_OPERATOR = { authorization: `Bearer ${ADMIN_TOKEN}` };
const [FIRST, SECOND] = ['model-a', 'model-b'];
/** Of an answer of the stub: 321 tokens in, 123 out. */
const COST = { first: 0.0003252, second: 0.00321 };

const film = (title: string) => ({ title, release_year: 2000 });
const unfit: Behaviour = { kind: 'content', content: '{' };
const TOO_SHORT =
  'A young clerk hides a letter that nobody wanted in a town by the sea, and her older sister looks for it during ' +
  'all of the summer feast, in every house and in every boat.';

const attemptsOf = async (server: TestServer, { job_id }: JobDto, headers = {}) =>
  (await server.get<AttemptListDto>(`/jobs/${job_id}/attempts`, headers)).body.results;

/** What an operator is told for each group. */
async function report(server: TestServer, query: string): Promise<UsageReportDto> {
  return (await server.get<UsageReportDto>(`/admin/usage?${query}`, AS_OPERATOR)).body;
}

describeServer(
  'what models cost',
  {
    ...WITH_MODEL,
    OPENAI_MODEL: `${FIRST},${SECOND}`,
    MODEL_PRICES: `${FIRST}=0.40/1.60,${SECOND}=10/0`,
    PROMPT_CANARY: 'v2:50%',
    ADMIN_TOKEN,
  },
  ({ server, model }) => {
    const spent = () => [...model.spent.values()].reduce((sum, tokens) => sum + tokens, 0);
    const used = { model: 'stub-model-1', input_tokens: 321, output_tokens: 123, cost: COST.first };

    it('is told of a FAILED job as the sum of all its calls, and of each try', async () => {
      model.script('Costly', { kind: 'status', status: 500 }, unfit, unfit, { kind: 'refuse' });
      const job = await server.generate('movies', film('Costly'));
      expect(job).toMatchObject({ status: 'FAILED', usage: { calls: 4, input_tokens: 963, cost: 0.0009756 } });
      const attempts = await attemptsOf(server, job);
      expect(attempts).toMatchObject([
        { model: FIRST, attempt: 1, calls: 1, input_tokens: 0, cost: 0, error: { type: 'AI_API_ERROR' } },
        { attempt: 2, outcome: 'FAILED', calls: 2, cost: 2 * COST.first, error: { type: 'VALIDATION_ERROR' } },
        { ...used, attempt: 3, outcome: 'FAILED', calls: 1, error: { type: 'AI_REFUSED' } },
      ]);
      for (const { started_at, finished_at } of attempts) expect(started_at <= finished_at!).toBe(true);
    });

    it('is told with the service’s own reason, and the worker, to operators alone', async () => {
      model.script('Reasoned', { kind: 'status', status: 500, message: 'the tape is torn' });
      const job = await server.generate('movies', film('Reasoned'));
      const [told] = await attemptsOf(server, job);
      expect(told).not.toHaveProperty('reason');
      expect(told).not.toHaveProperty('worker');
      const [toOperators] = await attemptsOf(server, job, AS_OPERATOR);
      expect(toOperators).toMatchObject({ reason: 'the tape is torn', worker: expect.stringContaining(':') });
      expect((await server.get('/jobs/nonsense/attempts')).status).toBe(400);
      expect((await server.get('/jobs/019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b/attempts')).status).toBe(404);
    });

    it('is that of each call at the price of the model that was asked', async () => {
      model.script('Two Models', unfit, unfit);
      const { body } = await server.post('/movies/generate', film('Two Models'));
      await eventually(async () => (await attemptsOf(server, body))[0]?.outcome === 'FAILED');
      await server.rows(
        `INSERT INTO model_breakers (model, message, opened_at, next_probe_at, wait_seconds)
         VALUES ($1, 'away', now(), now() + interval '1 hour', 3600)
         ON CONFLICT (model) DO UPDATE SET message = 'away', opened_at = now(), next_probe_at = now() + interval '1 hour',
           wait_seconds = 3600`,
        [FIRST],
      );
      const job = await server.finished(body.job_id);
      await server.rows('DELETE FROM model_breakers');
      const costs = (await attemptsOf(server, job)).map(({ cost }) => cost);
      // The back-off may end before the model is held.
      expect([COST.first, COST.second]).toContain(costs[1]);
      expect(job.usage).toMatchObject({ calls: 3, cost: Number((costs[0]! + costs[1]!).toFixed(10)) });
      await server.rows(`INSERT INTO model_breakers (model, message, opened_at, next_probe_at, wait_seconds)
         VALUES ('${FIRST}', 'away', now(), now() + interval '1 hour', 3600)`);
      const other = await server.generate('movies', film('The Second Model'));
      await server.rows('DELETE FROM model_breakers');
      expect(other.usage!.cost).toBe(COST.second);
    });

    it('is written down before a further call, and is told once when that is cut short', async () => {
      model.script('Cut Short', { kind: 'answer', output: { release_year: 1950 } }, { kind: 'hang' });
      const { body } = await server.post('/movies/generate', film('Cut Short'));
      await eventually(async () => model.callsFor('Cut Short').length === 2);
      const running = (await server.get<JobDto>(`/jobs/${body.job_id}`)).body;
      expect(running).toMatchObject({
        status: 'IN_PROGRESS',
        usage: { calls: 1, input_tokens: 321, cost: COST.first },
      });
      expect((await server.send('POST', `/jobs/${body.job_id}/cancel`)).status).toBe(202);
      const job = await eventually(async () => {
        const { body: now } = await server.get<JobDto>(`/jobs/${body.job_id}`);
        return now.usage && now;
      });
      expect(job).toMatchObject({ status: 'CANCELLED', usage: { calls: 1, input_tokens: 321, cost: COST.first } });
      expect(await attemptsOf(server, job)).toMatchObject([{ outcome: 'CANCELLED', ...used, model: FIRST, calls: 1 }]);
    });

    it('is told by a worker that has lost its job meanwhile', async () => {
      const job = await eventually(async () => {
        const title = `Too Late ${model.calls.length}`;
        model.script(title, { kind: 'answer', delayMs: 200 });
        const { body } = await server.post('/movies/generate', film(title));
        await eventually(async () => model.callsFor(title).length === 1);
        // Nobody is told of it; a worker that notices before the answer has come breaks the call off.
        await server.rows(
          `UPDATE generation_jobs SET status = 'CANCELLED', lease_token = NULL, lease_expires_at = NULL, worker = NULL,
             finished_at = now(), history = jsonb_set(history, '{-1,outcome}', '"CANCELLED"') WHERE id = $1`,
          [body.job_id],
        );
        await eventually(async () => model.spent.has(title) || model.callsFor(title)[0]!.aborted);
        if (!model.spent.has(title)) return null;
        // A call that is broken off while its answer is on the way is told by nobody.
        const told = async () => (await server.get<JobDto>(`/jobs/${body.job_id}`)).body;
        if (await eventually(async () => (await told()).usage, 2_000).catch(() => null)) return told();
        model.spent.delete(title);
        return null;
      }, 30_000);
      expect(job).toMatchObject({ status: 'CANCELLED', result: null, usage: { calls: 1, input_tokens: 321 } });
      expect(await attemptsOf(server, job)).toMatchObject([{ outcome: 'CANCELLED', ...used, calls: 1 }]);
    });

    it('is counted by the version of the prompts: a job keeps its own, and its text tells it', async () => {
      const titles = Array.from({ length: 6 }, (_, n) => `Kept Prompts ${n}`);
      model.script(titles[0]!, unfit, unfit);
      model.script(titles[1]!, { kind: 'answer', output: { description: TOO_SHORT } });
      const jobs = await Promise.all(titles.map((title) => server.generate('movies', film(title))));
      const choice: PromptChoice = { version: 'v1', canary: { version: 'v2', percent: 50 } };
      const versions = jobs.map(({ job_id }) => promptVersionOf(job_id, choice));
      for (const [n, job] of jobs.entries()) {
        const tries = (await attemptsOf(server, job)).map(({ prompt_version }) => prompt_version);
        expect(tries).toEqual(Array.from({ length: n === 0 ? 2 : 1 }, () => versions[n]));
        const { body } = await server.get<{ description: TextDto }>(`/movies/${job.slug}`);
        expect(body.description.prompt_version).toBe(versions[n]);
        const told = model.callsFor(titles[n]!).map(({ request }) => request.messages[0]!.content);
        expect(told.map((text) => text.startsWith('You are an editor'))).toEqual(told.map(() => versions[n] === 'v2'));
      }
      const stops = [`gate="(json|schema)",outcome="refused",prompt_version="${versions[0]}"`]
        .concat(`gate="length",outcome="repaired",prompt_version="${versions[1]}"`)
        .map((labels) => new RegExp(`^moviemind_gate_stops_total\\{${labels}\\} [1-9]`, 'm'));
      await eventually(async () => {
        const { body } = await server.get<string>('/metrics', AS_OPERATOR);
        return stops.every((line) => line.test(body));
      });
      const { results } = await report(server, 'by=prompt');
      for (const version of new Set(versions))
        expect(results).toContainEqual(expect.objectContaining({ prompt: version }));
    });

    it('is what the model itself has counted, by day, key, model, entity and prompts', async () => {
      const key = await makeKey(server, 'generate');
      const { body } = await server.post('/people/generate', { name: 'Somebody Known' }, key.headers);
      await server.finished(body.job_id);
      const day = new Date().toISOString().slice(0, 10);
      const by = await Promise.all(
        ['day', 'key', 'model', 'entity', 'prompt'].map((group) => report(server, `by=${group}`)),
      );
      for (const { total, results } of by) {
        expect(total.input_tokens + total.output_tokens).toBe(spent());
        const sums = results.map(({ input_tokens, output_tokens }) => input_tokens + output_tokens);
        expect(sums.reduce((sum, tokens) => sum + tokens, 0)).toBe(spent());
        expect(total.cost).toBeGreaterThan(0);
      }
      const [days, keys, models, entities] = by.map(({ results }) => results);
      expect(days).toMatchObject([{ day }]);
      expect(keys).toEqual([
        expect.objectContaining({ key: null, key_name: null }),
        expect.objectContaining({ key: key.id, key_name: 'test', calls: 1, input_tokens: 321 }),
      ]);
      expect(models!.map((one) => one.model)).toEqual(['stub-model-1', FIRST]);
      expect(entities).toMatchObject([{ entity: 'MOVIE' }, { entity: 'PERSON', calls: 1 }]);
    });

    it('is the same after its rows were added up', async () => {
      const before = await report(server, 'by=key');
      await server.rows(`INSERT INTO model_uses (model, entity, calls, input_tokens, output_tokens, duration_ms, cost)
        SELECT 'many', 'MOVIE', 1, 2, 3, 4, 0.5 FROM generate_series(1, 200)`);
      const added = async () => (await server.rows(`SELECT 1 FROM model_uses WHERE model = 'many'`)).length === 1;
      await eventually(added, 20_000);
      const { total } = await report(server, 'by=key');
      expect(total.calls).toBe(before.total.calls + 200);
      expect(total.cost).toBeCloseTo(before.total.cost! + 100, 9);
      await server.rows(`DELETE FROM model_uses WHERE model = 'many'`);
    });

    it('is not known where a model has no price, and is asked for by days alone', async () => {
      await server.rows(`INSERT INTO model_uses (day, model, entity, calls, input_tokens, output_tokens, duration_ms)
        VALUES ('2020-02-29', 'old', 'MOVIE', 1, 10, 20, 30)`);
      const days = 'from=2020-02-01&to=2020-02-29';
      const sum = { calls: 1, input_tokens: 10, output_tokens: 20, duration_ms: 30, cost: null };
      expect(await report(server, `${days}&by=model`)).toEqual({
        from: '2020-02-01',
        to: '2020-02-29',
        by: 'model',
        total: sum,
        results: [{ model: 'old', ...sum }],
      });
      expect(await report(server, 'to=2019-01-31')).toMatchObject({
        from: '2019-01-02',
        total: { calls: 0, cost: null },
      });
      const refused = async (query: string) => {
        const { status, body } = await server.get<{ errors: object }>(`/admin/usage?${query}`, AS_OPERATOR);
        return [status, body.errors];
      };
      const day = 'must be a day like 2026-11-23';
      expect(await refused('from=2021-02-29')).toEqual([422, [{ pointer: '/from', detail: day }]]);
      expect(await refused('from=0000-01-01')).toEqual([422, [{ pointer: '/from', detail: day }]]);
      expect(await report(server, 'to=1000-01-05')).toMatchObject({ from: '0999-12-07', total: { calls: 0 } });
      expect(await refused('to=today')).toEqual([422, [{ pointer: '/to', detail: day }]]);
      expect(await refused('by=week')).toMatchObject([422, [{ pointer: '/by' }]]);
      expect(await refused('from=2026-02-02&to=2026-02-01')).toMatchObject([422, [{ pointer: '/to' }]]);
      expect((await server.get('/admin/usage')).status).toBe(401);
    });
  },
);

const BUDGET = 2 * TOKENS + 1;

describeServer(
  'a budget of tokens',
  { ...WITH_MODEL, DAILY_TOKEN_BUDGET: String(BUDGET), WORKER_CONCURRENCY: '1', ADMIN_TOKEN, AUTH_REQUIRED: 'true' },
  ({ server, model }) => {
    const HOLD = {
      reason: 'BUDGET_SPENT',
      message: 'The tokens of this day are spent; the job runs after midnight UTC.',
      since: expect.any(String),
      next_probe_at: expect.stringContaining('T00:00:00.000Z'),
    };
    let key: TestKey;

    /** The key, for one request that may come again. */
    const once = (n: number) => ({ headers: { ...key.headers, 'idempotency-key': `"thrift-${n}"` } });
    const submit = async (title: string, { headers }: Pick<TestKey, 'headers'> = key) =>
      server.post<JobDto & { type: string }>('/movies/generate', film(title), headers);
    const jobOf = async (id: string) => (await server.get<JobDto>(`/jobs/${id}`, AS_OPERATOR)).body;
    const isHeld = (id: string) => async () => (await jobOf(id)).hold?.reason === 'BUDGET_SPENT';
    /** So that more is accepted before anything is spent. */
    const slow = (title: string) => model.script(title, { kind: 'answer', delayMs: 700 });
    /** As if the day were over. */
    const nextDay = () =>
      server.rows(
        `WITH due AS (UPDATE generation_jobs SET run_at = now() WHERE run_at > now())
         UPDATE model_uses SET day = day - 1`,
      );
    const secondsToMidnight = () => (new Date().setUTCHours(24, 0, 0, 0) - Date.now()) / 1000;

    beforeEach(async () => {
      await server.rows('DELETE FROM model_uses');
      key = await makeKey(server, 'generate');
    });

    it('that is spent keeps accepted jobs waiting, refuses further ones, and lets both go on the next day', async () => {
      const before = model.calls.length;
      slow('Thrift 0');
      const ids: string[] = [];
      for (let n = 0; n < 5; n++) ids.push((await submit(`Thrift ${n}`, once(n))).body.job_id);
      const jobs = await eventually(async () => {
        const now = await Promise.all(ids.map(jobOf));
        return now.slice(3).every(({ status, hold }) => status === 'PENDING' && hold) && now;
      });
      expect(model.calls.length).toBe(before + 3);
      expect(jobs.map(({ status }) => status)).toEqual(['DONE', 'DONE', 'DONE', 'PENDING', 'PENDING']);
      expect(jobs.slice(3).map(({ hold, attempts }) => [hold, attempts])).toEqual([
        [HOLD, 0],
        [HOLD, 0],
      ]);
      const refused = await submit('One Too Many', once(5));
      expect([refused.status, refused.body.type]).toEqual([429, 'urn:moviemind:problem:budget-spent']);
      const wait = Number(refused.headers.get('retry-after'));
      expect(Math.abs(wait - secondsToMidnight())).toBeLessThan(60);
      expect(refused.headers.get('ratelimit-policy')).toBe(`"tokens";q=${BUDGET};w=86400`);
      // Nothing new is made by these.
      expect((await submit('Thrift 4')).status).toBe(202);
      const replayed = await submit('Thrift 3', once(3));
      expect([replayed.status, replayed.body.job_id]).toEqual([202, ids[3]]);
      const reuse = { ...film('Thrift 0'), if_exists: 'reuse' };
      expect((await server.post('/movies/generate', reuse, key.headers)).status).toBe(200);
      const batch = (...items: object[]) => server.post('/movies/generate/batch', { items }, key.headers);
      expect((await batch(reuse, film('Thrift 4'))).status).toBe(202);
      expect((await batch(reuse, film('Thrift 4'), film('Among Others'))).status).toBe(429);
      expect(await server.rows(`SELECT 1 FROM generation_jobs WHERE requested_slug LIKE 'among%'`)).toEqual([]);
      const { body } = await server.get<{ queues: { name: string; hold: object }[] }>('/admin/queues', AS_OPERATOR);
      expect(body.queues.find(({ name }) => name === 'movies')!.hold).toMatchObject({ reason: 'BUDGET_SPENT' });
      await nextDay();
      for (const id of ids) expect(await server.finished(id, 20_000, AS_OPERATOR)).toMatchObject({ status: 'DONE' });
      expect(model.calls.length).toBe(before + 5);
      // The key of the refusal was not used up.
      const accepted = await submit('One Too Many', once(5));
      expect(accepted.status).toBe(202);
      await server.finished(accepted.body.job_id, 20_000, AS_OPERATOR);
    });

    it('lets no further call of a try begin once it is spent, and counts no try', async () => {
      await server.rows(`INSERT INTO model_uses (model, entity, calls, input_tokens, output_tokens, duration_ms)
        VALUES ('m', 'MOVIE', 1, ${BUDGET - 1}, 0, 1)`);
      model.script('Half Told', { kind: 'answer', output: { release_year: 1950 } });
      const { body } = await submit('Half Told');
      await eventually(isHeld(body.job_id));
      expect(model.callsFor('Half Told')).toHaveLength(1);
      const job = await jobOf(body.job_id);
      expect(job).toMatchObject({ status: 'PENDING', attempts: 0, usage: { calls: 1, input_tokens: 321 } });
      expect(await attemptsOf(server, job, AS_OPERATOR)).toMatchObject([{ outcome: 'HANDED_BACK', calls: 1 }]);
      await nextDay();
      expect(await server.finished(body.job_id, 20_000, AS_OPERATOR)).toMatchObject({ status: 'DONE', attempts: 1 });
    });

    it('of a key holds its jobs alone, and those no longer that another key wants, which pays', async () => {
      await server.rows('UPDATE api_keys SET daily_tokens = 1 WHERE id = $1', [key.id]);
      const other = await makeKey(server, 'generate');
      slow('Pocket Money 1');
      const ids: string[] = [];
      for (let n = 1; n < 5; n++) ids.push((await submit(`Pocket Money ${n}`)).body.job_id);
      const join = async (n: number) => expect((await submit(`Pocket Money ${n}`, other)).body.job_id).toBe(ids[n - 1]);
      await join(3);
      const done = async (n: number, timeoutMs = 15_000) =>
        expect(await server.finished(ids[n - 1]!, timeoutMs, AS_OPERATOR)).toMatchObject({
          status: 'DONE',
          attempts: 1,
        });
      for (const n of [1, 3]) await done(n);
      for (const n of [1, 3]) await eventually(isHeld(ids[n]!));
      expect(await jobOf(ids[1]!)).toMatchObject({ hold: HOLD, attempts: 0 });
      const refused = await submit('Pocket Money 5');
      expect([refused.status, refused.body.type]).toEqual([429, 'urn:moviemind:problem:budget-spent']);
      expect(refused.headers.get('ratelimit-policy')).toBe('"tokens";q=1;w=86400');
      await join(4);
      await done(4);
      for (const id of ids) expect((await server.get(`/jobs/${id}`, key.headers)).status).toBe(200);
      const { results } = await report(server, 'by=key');
      expect(results.map((one) => [one.key, one.calls])).toEqual([
        [other.id, 2],
        [key.id, 1],
      ]);
      const { keys, ...told } = (await server.get<ModelsDto>('/admin/model', AS_OPERATOR)).body;
      expect(keys).toEqual([{ id: key.id, name: 'test', used: TOKENS, limit: 1 }]);
      expect(told.daily_tokens).toEqual({ used: 3 * TOKENS, limit: BUDGET });
      expect(told.tokens_per_minute).toEqual({ used: expect.any(Number), limit: null });
      expect(told.tokens_per_minute.used).toBeGreaterThan(0);
      await nextDay();
      await done(2, 20_000);
    });
  },
);
