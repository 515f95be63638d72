import { eventually, TestServer } from './support/server/server.js';
import { Receiver } from './support/client/receiver.js';
import { StubModel } from './support/model/stub-model.js';
import { startWorker } from './support/server/worker.js';
import type { Program } from './support/server/process.js';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE_ID}-00f067aa0ba902b7-01`;

describe('a request can be followed', () => {
  let model: StubModel;
  let receiver: Receiver;
  let api: TestServer;
  let worker: Program;

  beforeAll(async () => {
    model = await StubModel.start();
    receiver = await Receiver.start();
    const stub = { OPENAI_API_KEY: 'key-0123456789', OPENAI_BASE_URL: model.url, WEBHOOK_ALLOW_PRIVATE: 'true' };
    api = await TestServer.start({ ...stub, ROLE: 'api' });
    worker = await startWorker(api, { ...stub, LOG_LEVEL: 'info' });
  });

  afterAll(async () => {
    await worker.end('SIGTERM');
    await api.stop();
    await receiver.stop();
    await model.stop();
  });

  const generate = async (title: string, headers: Record<string, string>, more: object = {}) => {
    const answer = await api.post('/movies/generate', { title, release_year: 2000, ...more }, headers);
    expect(answer.status).toBe(202);
    await api.finished(answer.body.job_id);
    return answer;
  };
  /** What the worker said of a job, by its JSON lines. */
  const linesOf = (jobId: string) =>
    eventually(async () => {
      const lines = worker.stdout.split('\n').filter((line) => line.startsWith('{') && line.includes(jobId));
      return lines.length > 0 && lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    });

  it('by its ids, from the answer over the ledger into every line of the worker, and on to the model and the webhook', async () => {
    model.script('Followed', { kind: 'status', status: 500 });
    const ids = { 'x-request-id': 'client-id-42', traceparent: TRACEPARENT };
    const { headers, body } = await generate('Followed', ids, { webhook_url: receiver.url('/followed') });
    expect([headers.get('x-request-id'), headers.get('traceparent')]).toEqual(['client-id-42', TRACEPARENT]);
    const rows = await api.rows('SELECT request_id, traceparent FROM generation_jobs WHERE id = $1', [body.job_id]);
    expect(rows).toEqual([{ request_id: 'client-id-42', traceparent: TRACEPARENT }]);
    const lines = await eventually(async () => {
      const found = await linesOf(body.job_id);
      return found.some(({ msg }) => msg === 'webhook delivered') && found;
    });
    expect(new Set(lines.map(({ msg }) => msg))).toEqual(new Set(['try failed', 'job done', 'webhook delivered']));
    for (const line of lines) expect(line).toMatchObject({ request_id: 'client-id-42', trace_id: TRACE_ID });
    const sent = model.callsFor('Followed').map((call) => call.headers.traceparent as string);
    sent.push(receiver.at('/followed')[0]!.headers.traceparent as string);
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
    const { headers, body } = await generate(`New Ids, What Was Sent ${what}`, ids);
    const request_id = headers.get('x-request-id')!;
    const [, trace_id] = /^00-([\da-f]{32})-[\da-f]{16}-00$/.exec(headers.get('traceparent')!) ?? [];
    expect(request_id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    expect(trace_id).not.toBe(TRACE_ID);
    for (const line of await linesOf(body.job_id)) expect(line).toMatchObject({ request_id, trace_id });
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
});
