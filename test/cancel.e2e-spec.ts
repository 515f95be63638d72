import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobDto } from '../src/jobs/jobs.dto.js';
import { fromNow, insertJob } from './support/ledger/insert-job.js';
import { eventually, TestServer } from './support/server/server.js';
import { StubModel } from './support/model/stub-model.js';

/** Longer than any test waits: what these tests see within seconds is not the heartbeat's doing. */
const LEASE_MS = '60000';

describe('cancelling', () => {
  let model: StubModel;
  let worker: TestServer;
  /** Takes the requests, and runs no job: the call to abort is always in another instance. */
  let api: TestServer;

  beforeAll(async () => {
    model = await StubModel.start();
    const stub = { OPENAI_API_KEY: 'key-0123456789', OPENAI_BASE_URL: model.url, JOB_LEASE_MS: LEASE_MS };
    worker = await TestServer.start({ ...stub, WORKER_CONCURRENCY: '50' });
    const { databaseUrl, queuePrefix } = worker.config;
    api = await TestServer.start({ ...stub, ROLE: 'api', QUEUE_PREFIX: queuePrefix }, databaseUrl!);
  });

  afterAll(async () => {
    await api.stop();
    await worker.stop();
    await model.stop();
  });

  const submit = async (title: string) =>
    (await api.post('/movies/generate', { title, release_year: 2000 })).body.job_id;
  const cancel = (id: string) => api.send<JobDto>('POST', `/jobs/${id}/cancel`);
  const ledger = async (id: string) => (await api.rows('SELECT * FROM generation_jobs WHERE id = $1', [id]))[0]!;
  const stored = async (id: string) =>
    (await api.rows('SELECT 1 FROM movie_descriptions WHERE job_id = $1', [id])).length;

  /** Of a job that waits: its back-off goes on for longer than the test. */
  const waiting = (title: string) => insertJob(api.db, { title, run_at: fromNow(3600) });
  const hanging = async (title: string) => {
    model.script(title, { kind: 'hang' });
    const id = await submit(title);
    const call = await eventually(async () => model.callsFor(title)[0]);
    return { id, call };
  };

  it('ends a waiting job at once with 200, and no model is ever asked', async () => {
    const id = await waiting('Never Begun');
    const { status, body } = await cancel(id);
    expect(status).toBe(200);
    expect(body).toMatchObject({ job_id: id, status: 'CANCELLED', attempts: 0, started_at: null, error: null });
    expect(body.finished_at).not.toBeNull();
    expect(body.expires_at).not.toBeNull();
    expect((await api.get<JobDto>(`/jobs/${id}`)).body).toEqual(body);
    await api.rows('UPDATE generation_jobs SET run_at = now() WHERE id = $1', [id]);
    await sleep(1200); // nobody runs it
    expect(model.callsFor('Never Begun')).toHaveLength(0);
  });

  it('answers 202 for a running job and aborts its call in the other process within three seconds', async () => {
    const { id, call } = await hanging('Aborted');
    expect(call.aborted).toBe(false);
    const { status, body } = await cancel(id);
    expect(status).toBe(202);
    expect(body).toMatchObject({ status: 'CANCELLED', attempts: 1, result: null, error: null });
    for (const one of [api, worker]) expect((await one.get<JobDto>(`/jobs/${id}`)).body.status).toBe('CANCELLED');
    await eventually(async () => call.aborted, 3000);
    const row = await ledger(id);
    expect(row).toMatchObject({ lease_token: null, lease_expires_at: null });
    expect(row.history).toEqual([expect.objectContaining({ outcome: 'CANCELLED', finished_at: expect.any(String) })]);
    expect(await api.rows('SELECT 1 FROM failed_jobs WHERE job_id = $1', [id])).toHaveLength(0);
    expect(model.callsFor('Aborted')).toHaveLength(1);
  });

  it('stores nothing of an answer that comes after the cancellation, whether good or bad', async () => {
    model.script('Too Late', { kind: 'answer', delayMs: 300 });
    model.script('Too Late And Bad', { kind: 'answer', delayMs: 300, output: { found: false } });
    for (const title of ['Too Late', 'Too Late And Bad']) {
      const id = await submit(title);
      await eventually(async () => model.callsFor(title).length === 1);
      expect((await cancel(id)).status).toBe(202);
      const before = await ledger(id);
      await sleep(1000); // past the answer, which changes nothing but what was used
      const used = { usage: expect.anything(), revision: expect.any(Number), history: expect.any(Array) };
      expect({ ...(await ledger(id)), ...used }).toEqual({ ...before, ...used });
      expect((await api.get<JobDto>(`/jobs/${id}`)).body).toMatchObject({ status: 'CANCELLED', result: null });
      expect(await stored(id)).toBe(0);
      expect(await api.rows('SELECT 1 FROM failed_jobs WHERE job_id = $1', [id])).toHaveLength(0);
    }
  });

  it('answers 200 and the same job when it was cancelled before', async () => {
    for (const id of [await waiting('Twice Waiting'), (await hanging('Twice Running')).id]) {
      const first = await cancel(id);
      const again = await Promise.all([cancel(id), cancel(id)]);
      expect(again.map(({ status }) => status)).toEqual([200, 200]);
      expect(again.map(({ body }) => body)).toEqual([first.body, first.body]);
    }
  });

  it('gives one 202 and otherwise 200 when twenty cancel at once', async () => {
    const { id } = await hanging('Twenty At Once');
    const answers = await Promise.all(Array.from({ length: 20 }, () => cancel(id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 19 }, () => 200), 202]);
  });

  it('refuses with 409 what is DONE, FAILED or EXPIRED, and changes nothing', async () => {
    model.script('Refused For Good', { kind: 'status', status: 400 });
    const done = await submit('Finished Before');
    const failed = await submit('Refused For Good');
    const expired = await waiting('Overdue');
    await api.rows(`UPDATE generation_jobs SET deadline_at = now() - interval '1 second' WHERE id = $1`, [expired]);
    for (const [id, state] of [
      [done, 'DONE'],
      [failed, 'FAILED'],
      [expired, 'EXPIRED'],
    ] as const) {
      const job = await api.finished(id, 20_000);
      expect(job.status).toBe(state);
      const { status, body } = await api.send('POST', `/jobs/${id}/cancel`);
      expect([state, status]).toEqual([state, 409]);
      expect(body).toMatchObject({ type: 'urn:moviemind:problem:conflict', status: 409 });
      expect((await api.get<JobDto>(`/jobs/${id}`)).body).toEqual(job);
    }
  });

  it('answers 404 for an unknown and 400 for a malformed id', async () => {
    expect((await cancel(randomUUID())).status).toBe(404);
    expect((await cancel('not-a-uuid')).status).toBe(400);
  });

  it('frees the subject for a new job', async () => {
    const { id } = await hanging('Asked Again');
    expect(await submit('Asked Again')).toBe(id);
    await cancel(id);
    const next = await submit('Asked Again');
    expect(next).not.toBe(id);
    expect((await api.finished(next)).status).toBe('DONE');
    expect((await ledger(id)).status).toBe('CANCELLED');
  });
});
