import { randomUUID } from 'node:crypto';
import type { FailedJobDto, FailedJobListDto } from '../src/admin/failed-jobs.dto.js';
import type { QueueListDto } from '../src/admin/queues.dto.js';
import type { JobDto } from '../src/jobs/jobs.dto.js';
import type { JobStatus } from '../src/domain/vocabulary.js';
import { describeServer, WITH_MODEL } from './support/server/describe-server.js';
import { alike, insertJob, insertJobs } from './support/ledger/insert-job.js';
import { UUID_V7 } from './support/ledger/ids.js';
import { eventually, TestServer } from './support/server/server.js';
import { type Behaviour } from './support/model/stub-model.js';

const TOKEN = 'a-long-enough-admin-token';
const KEY = { authorization: `Bearer ${TOKEN}` };
const LIST = '/admin/failed-jobs';
const WAITS_FOR_A_LOCK = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;

describeServer('failed jobs', { ...WITH_MODEL, ADMIN_TOKEN: TOKEN }, ({ server, model }) => {
  beforeEach(async () => {
    await server.rows('DELETE FROM failed_jobs');
  });

  const refusal = { kind: 'status', status: 400 } as const;
  const failed = async (title: string, ...behaviours: Behaviour[]) => {
    model.script(title, ...(behaviours.length > 0 ? behaviours : [refusal]));
    const job = await server.generate('movies', { title, release_year: 2000 });
    expect(job.status).toBe('FAILED');
    return job;
  };
  const failedPerson = async (name: string) => {
    model.script(name, { kind: 'answer', output: { found: false } });
    return server.generate('people', { name });
  };
  const list = async (query = '') => (await server.get<FailedJobListDto>(LIST + query, KEY)).body;
  const entryOf = async (jobId: string) => (await list()).results.find(({ job_id }) => job_id === jobId)!;
  const retry = (id: string) => server.send<JobDto>('POST', `/jobs/${id}/retry`);
  const retryAll = async (body: object) => (await server.post<{ retried: number }>(`${LIST}/retry`, body, KEY)).body;
  const ledger = async (id: string) => (await server.rows('SELECT * FROM generation_jobs WHERE id = $1', [id]))[0];

  it('show an operator what was asked, what went wrong, where and when', async () => {
    const job = await failed('Shown To The Operator');
    expect((await list()).results).toEqual([
      {
        uuid: expect.stringMatching(UUID_V7),
        job_id: job.job_id,
        connection: DRIVER,
        queue: 'movies',
        name: 'GenerateMovieJob',
        payload: {
          job_id: job.job_id,
          entity: 'MOVIE',
          requested_slug: 'shown-to-the-operator-2000',
          locale: 'en-US',
          context_tag: 'DEFAULT',
          request: { subject: 'Shown To The Operator', year: 2000 },
          reason: 'secret-detail-of-the-provider',
        },
        exception: `${job.error!.type}: ${job.error!.message}`,
        attempts: 1,
        failed_at: expect.stringMatching(/Z$/),
      },
    ]);
  });

  it('are found by type, entity, text and time', async () => {
    const film = await failed('Found 100% By_Text');
    const person = await failedPerson('Nobody Knows');
    const ids = async (query: string) => (await list(query)).results.map(({ job_id }) => job_id);
    expect(await ids('')).toEqual([person.job_id, film.job_id]);
    expect(await ids('?type=AI_API_ERROR')).toEqual([film.job_id]);
    expect(await ids('?type=NOT_FOUND&entity=PERSON')).toEqual([person.job_id]);
    expect(await ids('?entity=MOVIE&type=NOT_FOUND')).toEqual([]);
    expect(await ids('?q=100%25%20by_')).toEqual([film.job_id]);
    expect(await ids('?q=nobody-knows')).toEqual([person.job_id]);
    expect(await ids('?q=100%25by_')).toEqual([]);
    await server.rows(`UPDATE failed_jobs SET failed_at = now() - interval '2 hours' WHERE job_id = $1`, [film.job_id]);
    expect(await ids('?since=1h')).toEqual([person.job_id]);
    expect(await ids(`?since=${new Date(Date.now() - 3 * 3_600_000).toISOString()}`)).toHaveLength(2);
  });

  it('are listed page by page, each once, even when what was the last of a page is gone', async () => {
    const all: string[] = [];
    for (let n = 0; n < 5; n++) all.unshift((await failed(`Page ${n}`)).job_id);
    // Two by two in the same microsecond, and all within one millisecond.
    await server.rows(
      `UPDATE failed_jobs AS f SET failed_at = date_trunc('second', now()) + place * interval '1 microsecond'
       FROM (SELECT uuid, row_number() OVER (ORDER BY uuid) / 2 AS place FROM failed_jobs) AS o WHERE o.uuid = f.uuid`,
    );
    const seen: FailedJobDto[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: FailedJobListDto = await list(`?limit=2${cursor && `&cursor=${cursor}`}`);
      expect(page.results.length).toBe(seen.length < 4 ? 2 : 1);
      seen.push(...page.results);
      cursor = page.next_cursor;
      if (seen.length === 2) await server.rows('DELETE FROM failed_jobs WHERE uuid = $1', [seen[1]!.uuid]);
    }
    expect(seen.map(({ job_id }) => job_id)).toEqual(all);
  });

  const WRONG = [
    'limit=0',
    'limit=101',
    'cursor=x',
    'cursor=MS54',
    'type=ODD',
    'entity=x',
    'since=2026-02-30T00:00:00Z',
  ];
  it.each([...WRONG, 'since=yesterday', 'unknown=1', 'q='])('are not listed by %s: 422', async (query) => {
    const { status, body } = await server.get<{ errors: object[] }>(`${LIST}?${query}`, KEY);
    expect([status, body.errors]).toEqual([422, [expect.objectContaining({ pointer: `/${query.split('=')[0]}` })]]);
  });

  it('run again under the same id with all of their tries, and keep their history', async () => {
    // It answers, so the model is not held; an answer without an end is not put right within its try.
    const bad = { kind: 'content', content: '{', finishReason: 'length' } as const;
    const job = await failed('Fails Three Times', bad, bad, bad, bad, bad);
    expect(job.attempts).toBe(3);
    await server.rows('UPDATE generation_jobs SET crashes = 2 WHERE id = $1', [job.job_id]);
    const { status, body, headers } = await retry(job.job_id);
    expect([status, headers.get('location'), headers.get('retry-after')]).toEqual([202, `/jobs/${job.job_id}`, '1']);
    expect(body).toMatchObject({
      job_id: job.job_id,
      status: 'PENDING',
      stage: 'QUEUED',
      attempts: 0,
      error: null,
      started_at: null,
      finished_at: null,
    });
    const done = await eventually(async () => {
      const now = await server.finished(job.job_id);
      return now.status === 'DONE' && now;
    });
    expect(done).toMatchObject({ attempts: 3, error: null, result: { version: 1 } });
    expect(model.callsFor('Fails Three Times')).toHaveLength(6);
    const row = (await ledger(job.job_id)) as { history: { outcome: string }[]; crashes: number };
    expect(row.history.map(({ outcome }) => outcome)).toEqual([...Array.from({ length: 5 }, () => 'FAILED'), 'DONE']);
    expect(row.crashes).toBe(0);
    expect((await list()).results).toEqual([]);
  });

  it('fail again with one entry, of the last failure', async () => {
    const job = await failed('Fails Again', refusal, refusal);
    const first = await entryOf(job.job_id);
    expect((await retry(job.job_id)).status).toBe(202);
    await eventually(async () => model.callsFor('Fails Again').length === 2);
    expect((await server.finished(job.job_id)).status).toBe('FAILED');
    const { results } = await list();
    expect(results).toHaveLength(1);
    expect(results[0]).toMatchObject({ job_id: job.job_id, attempts: 1 });
    expect(results[0]!.uuid).not.toBe(first.uuid);
  });

  it('run once when they are retried by two clicks, or by twenty', async () => {
    const job = await failed('Double Click', refusal);
    const answers = await Promise.all(Array.from({ length: 20 }, () => retry(job.job_id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array.from({ length: 19 }, () => 409)]);
    await eventually(async () => (await server.finished(job.job_id)).status === 'DONE');
    expect((await retry(job.job_id)).status).toBe(409);
    expect(model.callsFor('Double Click')).toHaveLength(2);
    expect(await server.rows('SELECT 1 FROM movie_descriptions WHERE job_id = $1', [job.job_id])).toHaveLength(1);
  });

  it('refuse twenty at once, each with an Idempotency-Key, when they have not failed', async () => {
    const { job_id } = await server.generate('movies', { title: 'Never Failed' });
    const again = (n: number) => server.send('POST', `/jobs/${job_id}/retry`, { 'idempotency-key': `again-${n}` });
    const began = performance.now();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => again(n)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 409));
    expect(performance.now() - began).toBeLessThan(4000);
  });

  const OTHERS: JobStatus[] = ['CANCELLED', 'EXPIRED', 'IN_PROGRESS'];

  it.each(OTHERS)('are the only ones to run again: %s is answered 409 and stays', async (status) => {
    const id = await insertJob(server.db, { status });
    const before = await ledger(id);
    const { status: answer, body } = await server.send('POST', `/jobs/${id}/retry`);
    expect([answer, body.type]).toEqual([409, 'urn:moviemind:problem:conflict']);
    expect(await ledger(id)).toEqual(before);
    await server.rows('DELETE FROM generation_jobs WHERE id = $1', [id]);
  });

  it('run again even when their deadline has passed', async () => {
    const job = await failed('Past Its Deadline', refusal);
    await server.rows(`UPDATE generation_jobs SET deadline_at = now() - interval '1 second' WHERE id = $1`, [
      job.job_id,
    ]);
    expect((await retry(job.job_id)).body.deadline_at).toBeNull();
    await eventually(async () => (await server.finished(job.job_id)).status === 'DONE');
  });

  it('stay as they are with 409 while another job for the same subject is active', async () => {
    const job = await failed('Subject Taken');
    model.script('Subject Taken', { kind: 'hang' });
    const { body: active } = await server.post('/movies/generate', { title: 'Subject Taken', release_year: 2000 });
    await eventually(async () => model.callsFor('Subject Taken').length === 2);
    const entry = await entryOf(job.job_id);
    for (const path of [`/jobs/${job.job_id}/retry`, `${LIST}/${entry.uuid}/retry`]) {
      const { status, body } = await server.send('POST', path, KEY);
      expect([status, body.type]).toEqual([409, 'urn:moviemind:problem:conflict']);
    }
    expect(await retryAll({})).toEqual({ retried: 0 });
    expect(await entryOf(job.job_id)).toEqual(entry);
    await server.send('POST', `/jobs/${active.job_id}/cancel`);
    expect(await retryAll({})).toEqual({ retried: 1 });
  });

  it('are retried one by one by their own id', async () => {
    const job = await failed('By Its Entry');
    const entry = await entryOf(job.job_id);
    const path = `${LIST}/${entry.uuid}/retry`;
    const shown = () => server.get<FailedJobDto>(`${LIST}/${entry.uuid}`, KEY);
    expect(await shown()).toMatchObject({ status: 200, body: entry });
    const { status, body } = await server.send('POST', path, KEY);
    expect([status, body.job_id]).toEqual([202, job.job_id]);
    expect((await server.send('POST', path, KEY)).status).toBe(404);
    expect((await shown()).status).toBe(404);
    expect((await server.get(`${LIST}/no-uuid`, KEY)).status).toBe(400);
    expect((await server.send('POST', `${LIST}/no-uuid/retry`, KEY)).status).toBe(400);
    expect((await retry(randomUUID())).status).toBe(404);
    expect((await retry('no-uuid')).status).toBe(400);
  });

  it('are retried many at once: by ids, by filter, or all; and of one subject only the newest', async () => {
    const [one, two, three] = [await failed('Many 1'), await failed('Many 2'), await failed('Many 3')];
    const person = await failedPerson('Many Persons');
    const entry = await entryOf(one.job_id);
    expect(await retryAll({ ids: [entry.uuid, randomUUID()] })).toEqual({ retried: 1 });
    expect(await retryAll({ ids: [entry.uuid] })).toEqual({ retried: 0 });
    expect(await retryAll({ entity: 'PERSON', type: 'NOT_FOUND', q: 'persons', since: '1h' })).toEqual({ retried: 1 });
    const older = await failed('Many 3');
    expect(await retryAll({ ids: null, type: null })).toEqual({ retried: 2 });
    for (const id of [one, two, older, person].map(({ job_id }) => job_id))
      await eventually(async () => (await server.finished(id)).status === 'DONE');
    expect((await list()).results.map(({ job_id }) => job_id)).toEqual([three.job_id]);
  });

  it('are retried without the one whose subject becomes active in that very moment', async () => {
    const [taken, free] = [await failed('Taken Meanwhile'), await failed('Free Meanwhile')];
    const client = await server.db.connect();
    try {
      await client.query('BEGIN');
      await insertJob(client, { title: 'Taken Meanwhile' });
      const answer = retryAll({});
      await eventually(async () => (await server.rows(WAITS_FOR_A_LOCK)).length > 0);
      await client.query('COMMIT');
      expect(await answer).toEqual({ retried: 1 });
    } finally {
      client.release();
    }
    await eventually(async () => (await server.finished(free.job_id)).status === 'DONE');
    expect((await list()).results.map(({ job_id }) => job_id)).toEqual([taken.job_id]);
  });

  it('are retried by the thousand, in batches', async () => {
    await insertJobs(server.db, alike(1200, { status: 'FAILED' }));
    const both = await Promise.all([retryAll({}), retryAll({})]);
    expect(both.reduce((sum, { retried }) => sum + retried, 0)).toBe(1200);
    expect(await server.rows('SELECT 1 FROM failed_jobs')).toHaveLength(0);
    await eventually(async () => {
      await server.rows(`DELETE FROM generation_jobs WHERE status = 'PENDING'`);
      return (await server.rows(`SELECT 1 FROM generation_jobs WHERE status = 'IN_PROGRESS'`)).length === 0;
    });
    // Or the next test would wait behind ids whose jobs are gone.
    await eventually(async () => {
      const { queues } = (await server.get<QueueListDto>('/admin/queues', KEY)).body;
      return queues.every(({ queue }) => queue !== null && queue.waiting + queue.active === 0);
    }, 60_000);
  }, 90_000);

  it('are retried by a filter whose unused fields are null', async () => {
    const nothing = { entity: null, type: null, q: null, since: null };
    const { status, body } = await server.post(
      `${LIST}/retry`,
      { ...nothing, ids: ['019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b'] },
      KEY,
    );
    expect([status, body]).toEqual([200, { retried: 0 }]);
  });

  it.each([{ ids: [] }, { ids: ['x'] }, { ids: 'all' }, { ids: [null] }, { entity: 'null' }, { odd: null }])(
    'are not retried by %j: 422',
    async (body) => {
      expect((await server.post(`${LIST}/retry`, body, KEY)).status).toBe(422);
    },
  );

  it('are forgotten one by one, entry and job', async () => {
    const job = await failed('Forgotten');
    const path = `${LIST}/${(await entryOf(job.job_id)).uuid}`;
    const { status, body } = await server.send('DELETE', path, KEY);
    expect([status, body]).toEqual([204, '']);
    expect((await list()).results).toEqual([]);
    await eventually(async () => (await server.get(`/jobs/${job.job_id}`)).status === 404, 2000);
    expect((await server.send('DELETE', path, KEY)).status).toBe(404);
    expect((await server.send('DELETE', `${LIST}/no-uuid`, KEY)).status).toBe(400);
    expect((await retry(job.job_id)).status).toBe(404);
  });

  it('are flushed when they are old and all is told, and never without an age', async () => {
    const [old, young] = [await failed('Old Failure'), await failed('Young Failure')];
    await server.rows(`UPDATE failed_jobs SET failed_at = now() - interval '8 days' WHERE job_id = $1`, [old.job_id]);
    await server.rows(
      `WITH hook AS (INSERT INTO job_webhooks (id, job_id, url, events)
         VALUES (gen_random_uuid(), $1, 'https://hooks.invalid/', '{job.failed}') RETURNING id)
       INSERT INTO webhook_deliveries (id, webhook_id, run, event, job_status, run_at)
         SELECT gen_random_uuid(), id, 1, 'job.failed', 'FAILED', now() + interval '1 hour' FROM hook`,
      [old.job_id],
    );
    expect((await server.send('DELETE', `${LIST}?older_than=7d`, KEY)).body).toEqual({ forgotten: 0 });
    await server.rows(`UPDATE webhook_deliveries SET status = 'FAILED', attempts = 8, finished_at = now()`);
    for (const query of ['', '?older_than=', '?older_than=0', '?older_than=week'])
      expect([query, (await server.send('DELETE', LIST + query, KEY)).status]).toEqual([query, 422]);
    const { status, body } = await server.send('DELETE', `${LIST}?older_than=7d`, KEY);
    expect([status, body]).toEqual([200, { forgotten: 1 }]);
    expect(await ledger(old.job_id)).toBeUndefined();
    expect((await list()).results.map(({ job_id }) => job_id)).toEqual([young.job_id]);
    const now = new Date(Date.now() + 1000).toISOString();
    expect((await server.send('DELETE', `${LIST}?older_than=${now}`, KEY)).body).toEqual({ forgotten: 1 });
  });

  it('are for operators only, though everything else is open', async () => {
    const job = await failed('Not For Everybody');
    const { uuid } = await entryOf(job.job_id);
    const routes = [
      ['GET', LIST],
      ['POST', `${LIST}/${uuid}/retry`],
      ['POST', `${LIST}/retry`],
      ['DELETE', `${LIST}/${uuid}`],
      ['DELETE', `${LIST}?older_than=0m`],
    ] as const;
    for (const headers of [{}, { authorization: 'Bearer a-long-enough-wrong-token' }] as Record<string, string>[])
      for (const [method, path] of routes)
        expect([method, path, (await server.send(method, path, headers)).status]).toEqual([method, path, 401]);
    expect(await entryOf(job.job_id)).toBeDefined();
  });
});

describe('without an ADMIN_TOKEN', () => {
  it('nobody is an operator', async () => {
    const server = await TestServer.start();
    try {
      for (const headers of [{}, KEY, { authorization: 'Bearer ' }, { authorization: 'Bearer undefined' }])
        expect((await server.get(LIST, headers)).status).toBe(401);
    } finally {
      await server.stop();
    }
  });
});
