import { randomUUID } from 'node:crypto';
import type { JobDto } from '../src/jobs/jobs.dto.js';
import { isFinished, type JobStatus, STATUSES } from '../src/domain/vocabulary.js';
import { describeServer, WITH_MODEL } from './support/server/describe-server.js';
import { ago, alike, fromNow, insertJob, insertJobs, type NewJob } from './support/ledger/insert-job.js';
import { eventually, TestServer } from './support/server/server.js';
import { prose } from './support/model/prose.js';

describeServer('the ledger', WITH_MODEL, ({ server, model }) => {
  const insert = (job: NewJob = {}) => insertJob(server.db, job);
  const running: NewJob = {
    status: 'IN_PROGRESS',
    created_at: ago(60),
    started_at: ago(50),
    worker: 'lost',
    history: [{ attempt: 1 }],
  };

  const days = (count: number) => ago(count * 86_400);
  const inAnHour = () => fromNow(3600);
  const ended = (status: 'DONE' | 'CANCELLED' | 'EXPIRED', daysAgo: number) =>
    insert({ status, created_at: days(40), finished_at: days(daysAgo) });
  const present = async (ids: string[]) => {
    const rows = await server.rows<{ id: string }>('SELECT id FROM generation_jobs WHERE id = ANY($1)', [ids]);
    return rows.map(({ id }) => id);
  };

  it('runs a row that was committed but never dispatched', async () => {
    const id = await insert();
    expect((await server.finished(id)).status).toBe('DONE');
  });

  it('runs a row that committed late, behind newer ones', async () => {
    const client = await server.db.connect();
    let late: string;
    try {
      await client.query('BEGIN');
      late = await insertJob(client);
      await server.generate('movies', { title: 'Meanwhile', release_year: 2000 });
      await client.query('COMMIT');
    } finally {
      client.release();
    }
    expect((await server.finished(late)).status).toBe('DONE');
  });

  it('takes a job back from a worker that fell silent, and counts a crash, not a try', async () => {
    const id = await insert({ ...running, lease_expires_at: ago(1) });
    const job = await server.finished(id, 20_000);
    expect(job).toMatchObject({ status: 'DONE', attempts: 1 });
    const [row] = await server.rows<{ crashes: number; history: { outcome: string }[] }>(
      'SELECT crashes, history FROM generation_jobs WHERE id = $1',
      [id],
    );
    expect(row!.crashes).toBe(1);
    expect(row!.history.map(({ outcome }) => outcome)).toEqual(['CRASHED', 'DONE']);
  });

  it('gives a job up after five crashes', async () => {
    const id = await insert({ ...running, crashes: 4, lease_expires_at: ago(1) });
    const job = await server.finished(id, 20_000);
    expect(job).toMatchObject({ status: 'FAILED', error: { type: 'WORKER_CRASHED' } });
    expect(await server.rows('SELECT 1 FROM failed_jobs WHERE job_id = $1', [id])).toHaveLength(1);
  });

  it('leaves a job with the worker that keeps its lease', async () => {
    const title = 'Slower Than Its Lease';
    model.script(title, { kind: 'answer', delayMs: 5000 });
    const job = await server.generate('movies', { title, release_year: 2000 });
    expect(job).toMatchObject({ status: 'DONE', attempts: 1 });
    expect(model.callsFor(title)).toHaveLength(1);
    expect(await server.rows('SELECT crashes FROM generation_jobs WHERE id = $1', [job.job_id])).toEqual([
      { crashes: 0 },
    ]);
  });

  it('refuses the result of a worker that lost its lease', async () => {
    const title = 'Fenced Out';
    const written = (by: string) => `From the ${by} worker. ${prose('en-US', by)}`;
    model.script(
      title,
      { kind: 'answer', delayMs: 700, output: { description: written('old') } },
      { kind: 'answer', output: { description: written('new') } },
    );
    const { body } = await server.post('/movies/generate', { title, release_year: 2000 });
    await eventually(async () => model.callsFor(title).length === 1);
    await server.rows(
      `UPDATE generation_jobs SET status = 'PENDING', attempts = 0, lease_token = NULL, lease_expires_at = NULL, dispatch = dispatch + 1, dispatched_at = NULL
       WHERE id = $1`,
      [body.job_id],
    );
    const job = await server.finished(body.job_id);
    expect(job.status).toBe('DONE');
    await eventually(async () => model.callsFor(title).length === 2);
    await new Promise((done) => setTimeout(done, 1000)); // past the answer to the old worker
    const texts = await server.rows('SELECT text FROM movie_descriptions WHERE job_id = $1', [body.job_id]);
    expect(texts).toEqual([{ text: written('new') }]);
  });

  it('lets a job that was started before its deadline have all its tries after it', async () => {
    const id = await insert({ created_at: ago(60), started_at: ago(50), deadline_at: ago(1) });
    expect(await server.finished(id, 20_000)).toMatchObject({ status: 'DONE', error: null });
  });

  it('ends a job that was not started before its deadline', async () => {
    const id = await insert({ run_at: inAnHour(), deadline_at: ago(1) });
    expect(await server.finished(id, 20_000)).toMatchObject({ status: 'EXPIRED', started_at: null });
    // The clock of PostgreSQL may have been set back since it was made.
    const later = await insert({ created_at: inAnHour(), run_at: inAnHour(), deadline_at: ago(1) });
    expect(await server.finished(later, 20_000)).toMatchObject({ status: 'EXPIRED', started_at: null });
    const { body } = await server.post('/movies/generate', {
      title: 'In Time',
      release_year: 2000,
      deadline_seconds: 60,
    });
    expect(Date.parse(body.deadline_at!) - Date.parse(body.created_at)).toBe(60_000);
    expect((await server.finished(body.job_id)).status).toBe('DONE');
  });

  it('forgets finished jobs past retention, but not what they wrote, nor failed or unfinished ones', async () => {
    const done = await server.generate('movies', { title: 'Kept Film', release_year: 2000 });
    model.script('Kept Failure', { kind: 'status', status: 400 });
    const failed = await server.generate('movies', { title: 'Kept Failure', release_year: 2000 });
    await server.rows(
      `UPDATE generation_jobs SET created_at = created_at - interval '31 days', started_at = started_at - interval '31 days',
         finished_at = finished_at - interval '31 days' WHERE id = ANY($1)`,
      [[done.job_id, failed.job_id]],
    );
    const kept = [
      failed.job_id,
      await ended('DONE', 29),
      await insert({ created_at: days(40), run_at: inAnHour() }),
      await insert({ ...running, created_at: days(40), started_at: days(40) }),
    ];
    const past = [done.job_id, await ended('CANCELLED', 31), await ended('EXPIRED', 31)];
    await eventually(async () => (await present(past)).length === 0, 20_000);
    expect((await present(kept)).sort()).toEqual(kept.sort());
    expect((await server.get('/movies/kept-film-2000')).body).toMatchObject({ description: { version: 1 } });
  });

  it('forgets a job with its messages, but not before they are delivered or given up', async () => {
    const [untold, told] = [await ended('DONE', 29), await ended('DONE', 29)];
    await server.rows(
      `WITH hook AS (INSERT INTO job_webhooks (id, job_id, url, events)
         VALUES (gen_random_uuid(), $1, 'https://hooks.invalid/', '{job.completed}') RETURNING id)
       INSERT INTO webhook_deliveries (id, webhook_id, run, event, job_status, run_at)
         SELECT gen_random_uuid(), id, 1, 'job.completed', 'DONE', now() + interval '1 hour' FROM hook`,
      [untold],
    );
    await server.rows(`UPDATE generation_jobs SET finished_at = now() - interval '31 days' WHERE id = ANY($1)`, [
      [untold, told],
    ]);
    await eventually(async () => (await present([told])).length === 0, 20_000);
    expect(await present([untold])).toEqual([untold]);
    await server.rows(`UPDATE webhook_deliveries SET status = 'FAILED', attempts = 8, finished_at = now()`);
    await eventually(async () => (await present([untold])).length === 0, 20_000);
  });

  it('forgets faster than a thousand jobs a second become old, and ends as fast those past their deadline', async () => {
    // Sweeps of every five seconds, as they usually are.
    const usual = await TestServer.start({ ROLE: 'api', JOB_LEASE_MS: '30000' });
    try {
      await insertJobs(usual.db, [
        ...alike(9000, { status: 'CANCELLED', created_at: days(40), finished_at: days(40) }),
        ...alike(3000, { created_at: days(40), deadline_at: ago(1) }),
      ]);
      const began = performance.now();
      await eventually(async () => {
        const [{ left } = { left: 0 }] = await usual.rows<{ left: number }>(
          `SELECT count(*)::int AS left FROM generation_jobs WHERE status IN ('CANCELLED', 'PENDING')`,
        );
        return left === 0;
      }, 28_000);
      expect(performance.now() - began).toBeLessThan(28_000);
    } finally {
      await usual.stop();
    }
  }, 60_000);

  it('keeps finished jobs for as many days as the settings say', async () => {
    const { databaseUrl, queuePrefix } = server.config;
    const hasty = { ROLE: 'api', JOB_RETENTION_DAYS: '1', QUEUE_PREFIX: queuePrefix };
    const one = await TestServer.start(hasty, databaseUrl!);
    try {
      const [old, young] = [await ended('CANCELLED', 25 / 24), await ended('CANCELLED', 23 / 24)];
      await eventually(async () => (await present([old])).length === 0, 20_000);
      const { body } = await one.get<JobDto>(`/jobs/${young}`);
      expect(Date.parse(body.expires_at!) - Date.parse(body.finished_at!)).toBe(86_400_000);
    } finally {
      await one.stop();
    }
  });

  it('carries nothing but ids in the queue', async () => {
    const secret = 'A Title The Queue Must Not Know';
    model.script(secret, { kind: 'answer', delayMs: 800 });
    const { body } = await server.post('/movies/generate', { title: secret, release_year: 2000 });
    await eventually(async () => model.callsFor(secret).length === 1);
    const content = await queueContent(server);
    expect(content).toContain(body.job_id);
    expect(content).not.toContain(secret);
    await server.finished(body.job_id);
  });

  const FORBIDDEN: [change: string, sql: string][] = [
    ['a status that is no status', `UPDATE generation_jobs SET status = 'LOST' WHERE id = $1`],
    [
      'DONE to PENDING',
      `UPDATE generation_jobs SET status = 'PENDING', finished_at = NULL, result = NULL WHERE id = $1`,
    ],
    ['DONE to FAILED', `UPDATE generation_jobs SET status = 'FAILED', result = NULL, error = '{}' WHERE id = $1`],
    [
      'a finish before the start',
      `UPDATE generation_jobs SET finished_at = started_at - interval '1 second' WHERE id = $1`,
    ],
    [
      'a start before the request',
      `UPDATE generation_jobs SET started_at = created_at - interval '1 second' WHERE id = $1`,
    ],
    ['a finished job without a result', `UPDATE generation_jobs SET result = NULL WHERE id = $1`],
    ['more tries than allowed', 'UPDATE generation_jobs SET attempts = 4 WHERE id = $1'],
    ['an unknown entity', `UPDATE generation_jobs SET entity = 'SERIES' WHERE id = $1`],
    ['a context that is no word', `UPDATE generation_jobs SET context_tag = 'so rude' WHERE id = $1`],
  ];

  it.each(FORBIDDEN)('is guarded by the database against %s', async (_, statement) => {
    const { job_id } = await server.generate('movies', { title: `Guarded ${randomUUID()}`, release_year: 2000 });
    await expect(server.rows(statement, [job_id])).rejects.toThrow(/violates check constraint|cannot become/);
  });

  const past = { created_at: ago(60), finished_at: ago(50) };
  const error = { type: 'UNKNOWN_ERROR', message: 'x', retryable: true, attempt: 1 };
  const FINISHED: JobStatus[] = STATUSES.filter(isFinished);
  /** Whatever a status asks for, so that nothing but the change itself is wrong. */
  const become = (status: JobStatus, id: string) =>
    server.rows(
      `UPDATE generation_jobs SET status = $2, finished_at = CASE WHEN $3 THEN now() END,
         result = CASE $2 WHEN 'DONE' THEN '{}'::jsonb END, error = CASE $2 WHEN 'FAILED' THEN $4::jsonb END,
         lease_token = CASE $2 WHEN 'IN_PROGRESS' THEN gen_random_uuid() END,
         lease_expires_at = CASE $2 WHEN 'IN_PROGRESS' THEN now() + interval '1 hour' END WHERE id = $1`,
      [id, status, isFinished(status), error],
    );

  it.each(FINISHED)('keeps what is %s as it is, save what failed and is tried again', async (finished) => {
    const id = await insert({ ...past, status: finished });
    for (const status of STATUSES) {
      if (finished === 'FAILED' && status === 'PENDING') continue;
      const changed = become(status, id).then(() => status);
      await expect(changed).rejects.toThrow(`is ${finished} and cannot become ${status}`);
    }
    if (finished === 'FAILED') await become('PENDING', id);
  });
});

/** Everything the queue's backend holds, as text. */
async function queueContent(server: TestServer): Promise<string> {
  if (DRIVER === 'database') {
    const tables = await server.rows<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'bullmq'`,
    );
    const contents = await Promise.all(
      tables.map(({ name }) => server.rows(`SELECT to_jsonb(t) FROM bullmq."${name}" AS t`)),
    );
    return JSON.stringify(contents);
  }
  const { Redis } = await import('ioredis');
  const redis = new Redis(process.env.TEST_REDIS_URL!);
  try {
    const keys = await redis.keys(`${server.config.queuePrefix}:*`);
    const dumps = await Promise.all(
      keys
        .filter((key) => !key.startsWith(`${server.config.queuePrefix}:job:`))
        .map(async (key) => {
          const type = await redis.type(key);
          if (type === 'hash') return redis.hgetall(key);
          if (type === 'list') return redis.lrange(key, 0, -1);
          return type === 'stream' ? redis.xrange(key, '-', '+') : key;
        }),
    );
    return JSON.stringify([keys, dumps]);
  } finally {
    redis.disconnect();
  }
}
