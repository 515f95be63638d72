import { randomBytes } from 'node:crypto';
import { Collector } from './support/client/collector.js';
import { Receiver } from './support/client/receiver.js';
import { StubModel } from './support/model/stub-model.js';
import type { Program } from './support/server/process.js';
import { eventually, type Settings, TestServer } from './support/server/server.js';
import { startWorker } from './support/server/worker.js';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE_ID}-00f067aa0ba902b7-01`;

/** Long: a machine that is busy elsewhere must not add a try. */
const LEASE = { JOB_LEASE_MS: '60000' };

type Line = Record<string, unknown> & { msg: string };

const linesIn = (program: Program) =>
  program.stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);

/** Asks for a film, and waits for the end of its job. */
async function generate(api: TestServer, title: string, headers: Record<string, string>, more: object = {}) {
  const answer = await api.post('/movies/generate', { title, release_year: 2000, ...more }, headers);
  expect(answer.status).toBe(202);
  return { ...answer, job: await api.finished(answer.body.job_id) };
}

describe('a request can be followed', () => {
  let model: StubModel;
  let receiver: Receiver;
  let collector: Collector;
  let api: TestServer;
  let worker: Program;

  beforeAll(async () => {
    [model, receiver, collector] = await Promise.all([StubModel.start(), Receiver.start(), Collector.start()]);
    const off = { ...collector.settings, OTEL_SDK_DISABLED: 'true' };
    const stub = { ...model.settings, ...off, WEBHOOK_ALLOW_PRIVATE: 'true', WEBHOOK_BACKOFF_MS: '50' };
    api = await TestServer.start({ ...stub, ...LEASE, ROLE: 'api' });
    // It serves requests as well, so that its log shows all that a job says.
    worker = await startWorker(api, { ...stub, ROLE: 'all', AUTH_REQUIRED: 'false' });
  });

  afterAll(async () => {
    await worker.end('SIGTERM');
    await api.stop();
    await Promise.all([collector.stop(), receiver.stop(), model.stop()]);
  });

  /** What was said of a job, once one of its lines says `last`. */
  const linesOf = (jobId: string, last: string) =>
    eventually(async () => {
      const lines = linesIn(worker).filter(({ job_id }) => job_id === jobId);
      return lines.some(({ msg }) => msg === last) && lines;
    });

  it('by its ids, from the answer over the ledger into every line of the worker, and on to the model and the webhook', async () => {
    model.script('Followed', { kind: 'status', status: 500 });
    const ids = { 'x-request-id': 'client-id-42', traceparent: TRACEPARENT };
    const { headers, body } = await generate(api, 'Followed', ids, { webhook_url: receiver.url('/followed') });
    expect([headers.get('x-request-id'), headers.get('traceparent')]).toEqual(['client-id-42', TRACEPARENT]);
    const rows = await api.rows('SELECT request_id, traceparent FROM generation_jobs WHERE id = $1', [body.job_id]);
    expect(rows).toEqual([{ request_id: 'client-id-42', traceparent: TRACEPARENT }]);
    const message = await eventually(async () => receiver.at('/followed')[0]);
    const lines = await linesOf(body.job_id, 'job done');
    const about = { entity: 'MOVIE', slug: 'followed-2000', request_id: 'client-id-42', trace_id: TRACE_ID };
    expect(lines).toEqual([
      expect.objectContaining({ msg: 'try failed', level: 'warn', ...about, attempt: 1, max_attempts: 3 }),
      expect.objectContaining({ msg: 'job done', level: 'info', ...about, attempt: 2, result_slug: 'followed-2000' }),
    ]);
    const sent = model.callsFor('Followed').map((call) => call.headers.traceparent as string);
    sent.push(message.headers.traceparent as string);
    expect(sent).toHaveLength(3);
    for (const one of sent) expect(one).toMatch(new RegExp(`^00-${TRACE_ID}-[\\da-f]{16}-01$`));
    expect(new Set([...sent, TRACEPARENT]).size).toBe(4);
  });

  it.each([
    ['is missing', {}],
    ['is junk', { 'x-request-id': 'junk with spaces', traceparent: 'junk' }],
    ['is all zeros', { 'x-request-id': '', traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` }],
    ['has a forbidden version', { 'x-request-id': 'x'.repeat(129), traceparent: TRACEPARENT.replace(/^00/, 'ff') }],
  ] as [string, Record<string, string>][])('by new ids when what the client sent %s', async (what, ids) => {
    const { headers, body } = await generate(api, `New Ids, What Was Sent ${what}`, ids);
    const request_id = headers.get('x-request-id')!;
    const [, trace_id] = /^00-([\da-f]{32})-[\da-f]{16}-00$/.exec(headers.get('traceparent')!) ?? [];
    expect(request_id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    expect(trace_id).not.toBe(TRACE_ID);
    for (const line of await linesOf(body.job_id, 'job done')) expect(line).toMatchObject({ request_id, trace_id });
    expect(model.callsFor(`New Ids, What Was Sent ${what}`)[0]!.headers.traceparent).toContain(trace_id);
  });

  it('also when it is refused, or meant for nobody', async () => {
    const refused = await api.post('/movies/generate', '{', { traceparent: TRACEPARENT });
    expect([refused.status, refused.headers.get('traceparent')]).toEqual([400, TRACEPARENT]);
    const nowhere = await api.get('/nowhere', { traceparent: TRACEPARENT });
    expect([nowhere.status, nowhere.headers.get('traceparent')]).toEqual([404, TRACEPARENT]);
    const unreadable = await api.get('/jobs/%E0%A4%A', { traceparent: TRACEPARENT });
    expect([unreadable.status, unreadable.headers.get('traceparent')]).toEqual([400, TRACEPARENT]);
  });

  describe('in the log', () => {
    it('by one line where all is well, from the request to the webhook', async () => {
      const asked = { title: 'All Is Well', release_year: 2000, webhook_url: receiver.url('/well') };
      const answer = await fetch(`${await worker.ready()}/movies/generate`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(asked),
      });
      const { job_id } = (await answer.json()) as { job_id: string };
      await api.finished(job_id);
      await eventually(async () => receiver.at('/well')[0]);
      // What is asked for next has been answered, so what the first said has been written.
      await generate(api, 'Also Well', {});
      const lines = await linesOf(job_id, 'job done');
      expect(lines.map(({ msg, level }) => [msg, level])).toEqual([['job done', 'info']]);
    });

    it.each([
      [
        'that the model does not answer',
        'Without An Answer',
        [500, 500, 500].map((status) => ({ kind: 'status', status }) as const),
        { type: 'AI_API_ERROR', trouble: 'broken', status: 500, reason: expect.any(String) },
        ['try failed', 'try failed', 'job failed'],
      ],
      [
        'that it answers what no gate lets through',
        'Not To Be Read',
        [1, 2].map(() => ({ kind: 'content', content: 'Words that only the model has.' }) as const),
        { type: 'VALIDATION_ERROR', gate: 'json', reason: 'The answer did not pass this gate, nor did its repair.' },
        ['try failed', 'job done'],
      ],
      [
        'that it does not want to',
        'Not Wanted',
        [{ kind: 'refuse' } as const],
        { type: 'AI_REFUSED', trouble: 'refused', reason: 'The model refused to write about this.' },
        ['job failed'],
      ],
    ])('by one line for each failure, which tells why: %s', async (_, title, script, why, expected) => {
      model.script(title, ...script);
      const { body } = await generate(api, title, {});
      const lines = await linesOf(body.job_id, expected.at(-1)!);
      expect(lines.map(({ msg }) => msg)).toEqual(expected);
      const failed = lines.filter(({ msg }) => msg !== 'job done');
      for (const [n, line] of failed.entries()) {
        expect(line).toMatchObject({ ...why, level: 'warn', attempt: n + 1, max_attempts: 3, model: 'gpt-4.1-mini' });
        const next = line.msg === 'try failed' ? [expect.any(Number), expect.stringMatching(/^20.*Z$/)] : [];
        expect([line.retry_in_ms, line.retry_at].filter((one) => one !== undefined)).toEqual(next);
      }
      expect(JSON.stringify(lines)).not.toMatch(new RegExp(`Words that only|key-0123456789|${title}`));
    });

    it('by one line for each message that does not arrive', async () => {
      receiver.script('/late', 503, 500);
      const { body } = await generate(api, 'Told Late', {}, { webhook_url: `${receiver.url('/late')}?token=secret` });
      await eventually(async () => receiver.received.filter(({ job_id }) => job_id === body.job_id).length === 1);
      const { body: second } = await generate(api, 'Told Too Late', {}, { webhook_url: receiver.url('/late') });
      const lines = await linesOf(second.job_id, 'webhook not delivered');
      expect(lines.find(({ msg }) => msg === 'webhook not delivered')).toMatchObject({
        level: 'warn',
        slug: 'told-too-late-2000',
        event: 'job.completed',
        attempt: 1,
        status: 503,
        reason: 'answered 503',
        request_id: expect.any(String),
        trace_id: expect.stringMatching(/^[\da-f]{32}$/),
        retry_in_ms: expect.any(Number),
      });
      expect(worker.output).not.toContain('token=secret');
    });
  });

  it('and of all of this nothing is sent where traces are off, at the end of a process neither', async () => {
    expect(await worker.end('SIGTERM')).toBe(0);
    expect(collector.requests).toEqual([]);
  });
});

describe('the steps of a request', () => {
  let model: StubModel;
  let receiver: Receiver;
  let collector: Collector;
  let api: TestServer;
  let worker: Program;

  beforeAll(async () => {
    [model, receiver, collector] = await Promise.all([StubModel.start(), Receiver.start(), Collector.start()]);
    const stub: Settings = { ...model.settings, ...collector.settings, WEBHOOK_ALLOW_PRIVATE: 'true' };
    api = await TestServer.start({
      ...stub,
      ...LEASE,
      ROLE: 'api',
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=let%20me%20in',
    });
    worker = await startWorker(api, { ...stub, OTEL_SERVICE_NAME: 'films' });
  });

  afterAll(async () => {
    await worker.end('SIGTERM');
    await api.stop();
    await Promise.all([collector.stop(), receiver.stop(), model.stop()]);
  });

  const newTrace = () => randomBytes(16).toString('hex');
  const inTrace = (traceId: string, flags = '01') => ({ traceparent: `00-${traceId}-00f067aa0ba902b7-${flags}` });
  /** The steps of a trace, once there are so many of that name. */
  const stepsOf = (traceId: string, name: string, count = 1) =>
    eventually(async () => {
      const spans = collector.of(traceId);
      return spans.filter((span) => span.name === name).length >= count && spans;
    });

  it('are one trace, from the client over ledger, queue, tries and model to the webhook, across processes', async () => {
    model.script('Seen Through', { kind: 'status', status: 500 });
    const traceId = newTrace();
    const asked = { webhook_url: `${receiver.url('/seen')}?token=secret` };
    const { headers, body } = await generate(api, 'Seen Through', inTrace(traceId), asked);
    expect(headers.get('traceparent')).toBe(inTrace(traceId).traceparent);
    await Promise.all([stepsOf(traceId, 'deliver job.completed'), stepsOf(traceId, 'send movies', 2)]);
    const spans = await stepsOf(traceId, 'process movies', 2);
    const all = (name: string) => spans.filter((span) => span.name === name);
    const one = (name: string) => all(name)[0]!;
    const parentsOf = (name: string) => all(name).map(({ parentSpanId }) => parentSpanId);

    const [request, accept] = [one('POST /movies/generate'), one('accept')];
    expect([request.kind, request.parentSpanId]).toEqual([2, '00f067aa0ba902b7']);
    expect(request.attributes).toMatchObject({ 'http.route': '/movies/generate', 'http.response.status_code': 202 });
    expect([accept.kind, accept.parentSpanId]).toEqual([4, request.spanId]);
    const about = { 'moviemind.job.id': body.job_id, 'moviemind.job.slug': 'seen-through-2000' };
    expect(accept.attributes).toMatchObject({ ...about, 'moviemind.job.new': true });
    const rows = await api.rows('SELECT traceparent FROM generation_jobs WHERE id = $1', [body.job_id]);
    expect(rows).toEqual([{ traceparent: `00-${traceId}-${accept.spanId}-01` }]);

    expect([...new Set(parentsOf('send movies'))]).toEqual([accept.spanId]);
    expect(parentsOf('process movies')).toEqual([accept.spanId, accept.spanId]);
    const [failed, done] = all('process movies');
    expect([failed!.kind, failed!.status.code, done!.status.code ?? 0]).toEqual([5, 2, 0]);
    expect(failed!.attributes).toMatchObject({
      ...about,
      'moviemind.job.attempt': 1,
      'error.type': 'AI_API_ERROR',
      'moviemind.trouble': 'broken',
      'moviemind.outcome': 'retry',
    });
    expect(done!.attributes).toMatchObject({ ...about, 'moviemind.job.attempt': 2, 'moviemind.outcome': 'done' });

    expect(parentsOf('chat gpt-4.1-mini')).toEqual([failed!.spanId, done!.spanId]);
    const [away, answered] = all('chat gpt-4.1-mini');
    expect(away!.attributes).toMatchObject({ 'error.type': 'broken', 'http.response.status_code': 500 });
    expect(answered!.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'gpt-4.1-mini',
      'gen_ai.response.model': 'stub-model-1',
      'gen_ai.usage.input_tokens': 321,
      'gen_ai.usage.output_tokens': 123,
    });
    const sent = model.callsFor('Seen Through').map((call) => call.headers.traceparent);
    expect(sent).toEqual([away, answered].map((call) => `00-${traceId}-${call!.spanId}-01`));
    expect([parentsOf('settle'), parentsOf('examine'), parentsOf('store')]).toEqual([
      [failed!.spanId],
      [done!.spanId],
      [done!.spanId],
    ]);

    const told = one('deliver job.completed');
    expect([told.kind, told.parentSpanId]).toEqual([3, accept.spanId]);
    const [message] = receiver.received.filter(({ job_id }) => job_id === body.job_id);
    expect(message!.headers.traceparent).toBe(`00-${traceId}-${told.spanId}-01`);
    expect([request, done!].map(({ resource }) => [resource['service.name'], resource['moviemind.role']])).toEqual([
      ['moviemind', 'api'],
      ['films', 'worker'],
    ]);
    expect(JSON.stringify(spans)).not.toMatch(/Seen Through|key-0123456789|secret|original description/);
    expect(collector.requests.some((one) => one['api-key'] === 'let me in')).toBe(true);
  });

  it('begin a trace of their own where the client sends none, and none where it does not want one', async () => {
    const quiet = newTrace();
    await generate(api, 'Not Recorded', inTrace(quiet, '00'));
    const { headers } = await generate(api, 'Recorded Anyway', {});
    const [, traceId, root] = /^00-([\da-f]{32})-([\da-f]{16})-01$/.exec(headers.get('traceparent')!)!;
    const spans = await stepsOf(traceId!, 'process movies');
    const request = spans.find(({ name }) => name === 'POST /movies/generate')!;
    expect([request.spanId, request.parentSpanId ?? '']).toEqual([root, '']);
    expect(collector.of(quiet)).toEqual([]);
  });

  it('name the trace of the job that a request joins', async () => {
    model.script('Joined', { kind: 'answer', delayMs: 500 });
    const [first, second] = [newTrace(), newTrace()];
    const asked = { title: 'Joined', release_year: 2000 };
    const { body } = await api.post('/movies/generate', asked, inTrace(first));
    const joined = await api.post('/movies/generate', asked, inTrace(second));
    expect(joined.body.job_id).toBe(body.job_id);
    const [accept] = (await stepsOf(second, 'accept')).filter(({ name }) => name === 'accept');
    expect(accept!.attributes).toMatchObject({ 'moviemind.job.id': body.job_id, 'moviemind.job.new': false });
    expect(accept!.links!.map(({ traceId }) => traceId)).toEqual([first]);
    await api.finished(body.job_id);
  });

  it('are told of refusals by their kind, and of polls by their route; probes have none', async () => {
    const [refused, unknown, probed] = [newTrace(), newTrace(), newTrace()];
    await api.get('/health/ready', inTrace(probed));
    await api.get('/jobs/0199a000-0000-7000-8000-000000000000', inTrace(unknown));
    await api.post('/movies/generate', { title: 'A Text Of A Client', release_year: 1 }, inTrace(refused));
    const [poll] = await stepsOf(unknown, 'GET /jobs/:id');
    expect(poll!.attributes).toMatchObject({ 'http.response.status_code': 404 });
    const [request] = await stepsOf(refused, 'POST /movies/generate');
    expect([request!.attributes['http.response.status_code'], request!.status.code ?? 0]).toEqual([422, 0]);
    expect(JSON.stringify([poll, request])).not.toMatch(/A Text Of|0199a000/);
    expect(collector.of(probed)).toEqual([]);
  });

  it('delay nothing and end nothing where the collector is ill, and one line says so', async () => {
    collector.answers = 500;
    for (const title of ['Ill 1', 'Ill 2', 'Ill 3']) {
      const { job } = await generate(api, title, inTrace(newTrace()));
      expect([job.status, job.attempts]).toEqual(['DONE', 1]);
    }
    const told = () => linesIn(worker).filter(({ context }) => context === 'Traces');
    await eventually(async () => told().length > 0);
    collector.answers = null;
    expect((await generate(api, 'Silent', inTrace(newTrace()))).job.status).toBe('DONE');
    const began = performance.now();
    expect(await worker.end('SIGTERM')).toBe(0);
    expect(performance.now() - began).toBeLessThan(8000);
    expect(told()).toEqual([expect.objectContaining({ level: 'warn', reason: expect.any(String) })]);
    collector.recover();
  });
});
