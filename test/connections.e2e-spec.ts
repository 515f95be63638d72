import { connect } from 'node:net';
import type { Problem } from '../src/http/problem.js';
import { describeServer } from './support/server/describe-server.js';
import { fromNow, insertJob } from './support/ledger/insert-job.js';
import { Events } from './support/client/events.js';
import { raw } from './support/client/raw.js';
import { eventually, TestServer } from './support/server/server.js';

/** Longest arrival of a request, milliseconds. */
const BOUND = 2000;
const HEAD = 'POST /movies/generate HTTP/1.1\r\nhost: x\r\nx-request-id: slow-1\r\ncontent-type: application/json\r\n';

/** What is sent one byte each 100 ms, which takes much longer than the bound, and never ends. */
const trickled = (head: string, rest: string) => ({
  pieces: [head, ...rest.padEnd(300)].map((piece) => Buffer.from(piece)),
  everyMs: 100,
});

const SETTINGS = { REQUEST_TIMEOUT_SECONDS: String(BOUND / 1000), KEEP_ALIVE_SECONDS: '1' };

describeServer('a connection', SETTINGS, ({ server }) => {
  it('is answered 408 when a body does not arrive in time, though a byte comes now and then', async () => {
    const started = performance.now();
    const answer = await raw<Problem>(server.url, trickled(`${HEAD}content-length: 500\r\n\r\n`, '{"title":'));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([408, 'application/problem+json']);
    expect(answer.body).toMatchObject({ instance: '/movies/generate', request_id: 'slow-1' });
    expect(answer.headers.get('connection')).toBe('close');
    expect(performance.now() - started).toBeGreaterThan(BOUND - 100);
    expect(await server.rows('SELECT 1 FROM generation_jobs')).toEqual([]);
  });

  it('is answered 408 when not even a head arrives in time', async () => {
    const answer = await raw<Problem>(server.url, trickled('GET /movies HTTP/1.1\r\nhost: x\r\nx-long: ', 'a'));
    expect([answer.status, answer.body.status]).toEqual([408, 408]);
    const chunked = await raw<Problem>(server.url, trickled(`${HEAD}transfer-encoding: chunked\r\n\r\nfff\r\n`, '{'));
    expect(chunked.status).toBe(408);
  });

  it('waits longer for what is asked for: a held poll and a stream are not cut', async () => {
    const id = await insertJob(server.db, { run_at: fromNow(3600) });
    const stream = await Events.open(server.url, id);
    const started = performance.now();
    const held = await server.get(`/jobs/${id}`, { prefer: 'wait=5' });
    expect([held.status, held.headers.get('preference-applied')]).toEqual([200, 'wait=5']);
    expect(performance.now() - started).toBeGreaterThan(2 * BOUND);
    expect([stream.ended, stream.statuses]).toEqual([null, ['PENDING']]);
    stream.close();
  });

  it('is kept for the next request for as long as it is set, and no longer', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    let received = '';
    let closed = false;
    socket.on('data', (chunk) => (received += chunk.toString())).on('close', () => (closed = true));
    socket.write('GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n');
    await eventually(async () => received.includes('"ok"'));
    expect(received).toMatch(/^keep-alive: timeout=1\r$/im);
    await eventually(async () => closed, 15_000);
  });

  it('is kept longer than balancers keep it, unless it is set otherwise', async () => {
    const other = await TestServer.start({ ROLE: 'api' });
    const { headers } = await raw(other.url, 'GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n');
    expect(headers.get('keep-alive')).toBe('timeout=65');
    await other.stop();
  });
});
