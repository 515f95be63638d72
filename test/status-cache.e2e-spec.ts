import { Redis } from 'ioredis';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobDto } from '../src/jobs/jobs.dto.js';
import { eventually, TestServer } from './support/server/server.js';
import { StubModel } from './support/model/stub-model.js';

/** As the program writes it, for a job that no key made and that stands in no line. */
function entryOf(job: JobDto, revision: number): string {
  const json = JSON.stringify(job);
  const digest = createHash('sha256')
    .update([job.job_id, revision, '', job.status, json].join(':'))
    .digest('base64url');
  return `${revision}::${job.status}:${digest}::${json}`;
}

describe('the status cache', () => {
  let server: TestServer;
  /** Another one on the same database and the same Redis. */
  let other: TestServer;
  let model: StubModel;
  let redis: Redis;

  beforeAll(async () => {
    model = await StubModel.start();
    redis = new Redis(process.env.TEST_REDIS_URL!);
    server = await TestServer.start({
      OPENAI_API_KEY: 'key-0123456789',
      OPENAI_BASE_URL: model.url,
      REDIS_URL: process.env.TEST_REDIS_URL!,
    });
    const { databaseUrl, queuePrefix } = server.config;
    const same = { REDIS_URL: process.env.TEST_REDIS_URL!, QUEUE_PREFIX: queuePrefix };
    other = await TestServer.start({ ROLE: 'api', ...same }, databaseUrl!);
  });

  afterAll(async () => {
    redis.disconnect();
    await other.stop();
    await server.stop();
    await model.stop();
  });

  const key = (id: string) => `${server.config.queuePrefix}:job:${id}`;
  const poll = async (id: string) => (await server.get<JobDto>(`/jobs/${id}`)).body;
  /** At a server that has never sent the job, and so knows it from Redis or from the ledger. */
  const pollElsewhere = async (id: string) => (await other.get<JobDto>(`/jobs/${id}`)).body;
  /** Finished, and sent by a poll. */
  const generate = async (title: string) =>
    poll((await server.generate('movies', { title, release_year: 2000 })).job_id);
  const breakLedger = (id: string) =>
    server.rows(`UPDATE generation_jobs SET request_id = 'changed', slug = 'ledger' WHERE id = $1`, [id]);

  it('holds a finished job for fifteen minutes and serves it from there', async () => {
    const job = await server.generate('movies', { title: 'Cached', release_year: 2000 });
    const ttl = await eventually(async () => {
      const left = await redis.ttl(key(job.job_id));
      return left > 0 ? left : null;
    });
    expect(ttl).toBeGreaterThan(890);
    expect(ttl).toBeLessThanOrEqual(900);
    await breakLedger(job.job_id);
    expect(await pollElsewhere(job.job_id)).toEqual(job);
  });

  it('is not even asked for a finished job that this server has sent', async () => {
    const job = await generate('Sent Before');
    await breakLedger(job.job_id);
    await redis.set(key(job.job_id), 'damaged', 'EX', 900);
    expect(await poll(job.job_id)).toEqual(job);
    expect(await redis.get(key(job.job_id))).toBe('damaged');
  });

  it('holds a job as long as it is told to, and tells its age by that', async () => {
    const { databaseUrl } = server.config;
    const brief = await TestServer.start(
      { ROLE: 'api', REDIS_URL: process.env.TEST_REDIS_URL!, JOB_STATUS_TTL_SECONDS: '60' },
      databaseUrl!,
    );
    try {
      const job = await generate('Cached For A Minute');
      const entry = ({ job_id }: JobDto) => `${brief.config.queuePrefix}:job:${job_id}`;
      const look = async ({ job_id }: JobDto) => (await brief.get<JobDto>(`/jobs/${job_id}`)).body.status;
      expect(await look(job)).toBe('DONE');
      const ttl = await eventually(async () => {
        const left = await redis.ttl(entry(job));
        return left > 0 ? left : null;
      });
      expect(ttl).toBeGreaterThan(50);
      expect(ttl).toBeLessThanOrEqual(60);
      const plant = (one: JobDto, leftMs: number) =>
        redis.set(entry(one), entryOf({ ...one, status: 'IN_PROGRESS' }, 99), 'PX', leftMs);
      const old = await generate('Cached For A Second');
      await plant(old, 60_000 - 950);
      expect(await look(old)).toBe('DONE');
      // As where Redis' clock was set back, or entries were kept for longer before.
      const fromTheFuture = await generate('Cached In A While');
      await plant(fromTheFuture, 70_000);
      expect(await look(fromTheFuture)).toBe('DONE');
      await eventually(async () => {
        const young = await generate('Cached Just Now');
        await plant(young, 60_000);
        return (await look(young)) === 'IN_PROGRESS';
      });
    } finally {
      await brief.stop();
    }
  });

  it('answers from PostgreSQL after it was wiped', async () => {
    const job = await generate('Wiped');
    await redis.del(key(job.job_id));
    expect(await pollElsewhere(job.job_id)).toEqual(job);
    await eventually(async () => (await redis.exists(key(job.job_id))) === 1);
  });

  it('is not believed where Redis has damaged it, and mended', async () => {
    const damages = [
      (entry: string) => entry.replace('"version":1', '"version":7'),
      (entry: string) => entry.replace('"status":"DONE"', '"status":"DONF"'),
      (entry: string) => entry.replace('{"', '{'),
      (entry: string) => entry.slice(0, 60),
      (entry: string) => entry.replace(/^\d+/, 'x'),
      (entry: string) => entry.replace(/^\d+/, '999'),
      () => '\0'.repeat(100),
    ];
    for (const [n, damaged] of damages.entries()) {
      const job = await generate(`Damaged ${n}`);
      const entry = await eventually(() => redis.get(key(job.job_id)));
      await redis.set(key(job.job_id), damaged(entry), 'EX', 900);
      expect(await pollElsewhere(job.job_id)).toEqual(job);
      await eventually(async () => (await redis.get(key(job.job_id))) === entry);
    }
  });

  it('is not believed for longer than a second while the job may still change', async () => {
    model.script('Stale', { kind: 'answer', delayMs: 1500 });
    const { body } = await server.post('/movies/generate', { title: 'Stale', release_year: 2000 });
    // What an old writer might have left, had the newer entry been lost.
    const stale = await eventually(async () => {
      const entry = await redis.get(key(body.job_id));
      return entry?.includes('"IN_PROGRESS"') ? entry : null;
    });
    await server.finished(body.job_id);
    await redis.set(key(body.job_id), stale, 'PX', 900_000 - 950);
    expect((await poll(body.job_id)).status).toBe('DONE');
  });

  it('is not believed when it is older than a change that PostgreSQL has announced, however fresh it is', async () => {
    model.script('Outdated', { kind: 'answer', delayMs: 500 });
    const { body } = await server.post('/movies/generate', { title: 'Outdated', release_year: 2000 });
    // As a server leaves it that read the row before the change, while the worker that made the change was cut off.
    const outdated = await eventually(async () => {
      const entry = await redis.get(key(body.job_id));
      return entry?.includes('"IN_PROGRESS"') ? entry : null;
    });
    await server.finished(body.job_id);
    for (let n = 0; n < 10; n++) {
      await redis.set(key(body.job_id), outdated, 'EX', 900);
      expect((await pollElsewhere(body.job_id)).status).toBe('DONE');
    }
  });

  it('keeps the newer entry when an old writer comes late, and takes a newer one', async () => {
    const revisionIn = async ({ job_id }: JobDto) => Number((await redis.get(key(job_id)))?.split(':')[0]);
    // Too old to be believed: a server that has not sent the job reads the row, and writes what it read.
    const plant = (job: JobDto, revision: number) =>
      redis.set(key(job.job_id), entryOf({ ...job, status: 'IN_PROGRESS' }, revision), 'PX', 890_000);
    const [late, early] = [await generate('Late Writer'), await generate('Early Writer')];
    const [row] = await server.rows<{ revision: number }>('SELECT revision FROM generation_jobs WHERE id = $1', [
      late.job_id,
    ]);
    const written = row!.revision;
    await plant(late, written - 1);
    expect((await pollElsewhere(late.job_id)).status).toBe('DONE');
    await eventually(async () => (await revisionIn(late)) === written);
    await plant(early, written + 1);
    for (let n = 0; n < 10; n++) expect((await pollElsewhere(early.job_id)).status).toBe('DONE');
    await sleep(200); // nobody writes the older one again
    expect(await revisionIn(early)).toBe(written + 1);
  });

  it('never shows a poller a state that goes backwards, whichever server is asked, however often it is wiped', async () => {
    const order = ['PENDING', 'IN_PROGRESS', 'DONE'];
    model.script('Forwards', { kind: 'answer', delayMs: 300 });
    const { body } = await server.post('/movies/generate', { title: 'Forwards', release_year: 2000 });
    const watchers = Array.from({ length: 5 }, async () => {
      let last = 0;
      for (const deadline = Date.now() + 10_000; last < 2 && Date.now() < deadline;) {
        const ask = Math.random() < 0.5 ? poll : pollElsewhere;
        const now = order.indexOf((await ask(body.job_id)).status);
        if (now < last) throw new Error(`went back from ${order[last]} to ${order[now]}`);
        last = now;
        if (Math.random() < 0.3) await redis.del(key(body.job_id));
      }
      return last;
    });
    expect(await Promise.all(watchers)).toEqual([2, 2, 2, 2, 2]);
  });

  it('holds no secret and no text of the request', async () => {
    const title = 'A Title Not To Be Cached';
    model.script(title, { kind: 'status', status: 400 });
    const job = await server.generate('movies', { title, release_year: 2000 });
    const entry = await eventually(() => redis.get(key(job.job_id)));
    expect(entry).toContain(job.job_id);
    expect(entry).not.toContain(title);
    expect(entry).not.toContain('key-0123456789');
  });
});
