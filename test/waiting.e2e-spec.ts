import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { JobDto } from '../src/jobs/jobs.dto.js';
import { type Answer, eventually, TestServer } from './support/server/server.js';
import { StubModel } from './support/model/stub-model.js';

describe('polling a job', () => {
  let model: StubModel;
  let worker: TestServer;
  /** Runs no job: whoever waits here waits for another process. */
  let api: TestServer;

  beforeAll(async () => {
    model = await StubModel.start();
    const stub = { OPENAI_API_KEY: 'key-0123456789', OPENAI_BASE_URL: model.url };
    worker = await TestServer.start(stub);
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
  const submitPerson = async (name: string) => (await api.post('/people/generate', { name })).body.job_id;
  const hanging = async (title: string) => {
    model.script(title, { kind: 'hang' });
    const id = await submit(title);
    await eventually(async () => (await poll(id)).body.status === 'IN_PROGRESS');
    return id;
  };
  const poll = (id: string, headers: Record<string, string> = {}, server = api): Promise<Answer<JobDto>> =>
    server.get<JobDto>(`/jobs/${id}`, headers);
  const cancel = (id: string) => api.send('POST', `/jobs/${id}/cancel`);
  const applied = ({ headers }: Answer<unknown>) => headers.get('preference-applied');

  describe('with Prefer: wait', () => {
    it('is answered when the job finishes, though it runs in another process', async () => {
      model.script('Held', { kind: 'answer', delayMs: 700 });
      const answer = await poll(await submit('Held'), { prefer: 'wait=20' });
      expect([answer.status, answer.body.status, applied(answer)]).toEqual([200, 'DONE', 'wait=20']);
      expect(answer.headers.get('retry-after')).toBeNull();
    });

    it('is answered with the job as it is when the time is over', async () => {
      const id = await hanging('Too Slow');
      const answer = await poll(id, { prefer: 'wait=1' });
      expect([answer.status, answer.body.status, applied(answer)]).toEqual([200, 'IN_PROGRESS', 'wait=1']);
      expect(answer.headers.get('retry-after')).toBe('1');
      await cancel(id);
    });

    it('waits through tries that fail', async () => {
      model.script('Second Try', { kind: 'status', status: 500 });
      const { body } = await poll(await submit('Second Try'), { prefer: 'wait=20' });
      expect([body.status, body.attempts]).toEqual(['DONE', 2]);
    });

    it('is answered at once when the job is finished, with thirty seconds for more than thirty', async () => {
      const { job_id } = await api.generate('movies', { title: 'Over', release_year: 2000 });
      expect(applied(await poll(job_id, { prefer: 'wait=600' }))).toBe('wait=30');
      expect(applied(await poll(job_id, { prefer: 'respond-async, WAIT="7"; a=b' }))).toBe('wait=7');
    });

    it.each(['wait', 'wait=0', 'wait=-1', 'wait=1.5', 'wait=soon', 'return=minimal'])(
      'is answered at once, as without, for "%s"',
      async (prefer) => {
        const id = await hanging(`Not Held ${prefer.length}`);
        const answer = await poll(id, { prefer });
        expect([answer.status, answer.body.status, applied(answer)]).toEqual([200, 'IN_PROGRESS', null]);
        await cancel(id);
      },
    );

    it('is refused as without: 400 and 404', async () => {
      for (const [id, status] of [
        ['not-a-uuid', 400],
        [randomUUID(), 404],
      ] as const) {
        const answer = await poll(id, { prefer: 'wait=20' });
        expect([answer.status, applied(answer)]).toEqual([status, null]);
      }
    });

    it('serves a hundred who wait for one job, and others who wait for others', async () => {
      const id = await hanging('One For Many');
      const others = await Promise.all(Array.from({ length: 20 }, (_, n) => submit(`Many ${n}`)));
      const held = [...others, ...Array.from({ length: 100 }, () => id)].map((one) => poll(one, { prefer: 'wait=30' }));
      const done = await Promise.all(held.slice(0, 20));
      expect(done.map(({ body }) => body.status)).toEqual(others.map(() => 'DONE'));
      await cancel(id);
      for (const { body } of await Promise.all(held.slice(20))) expect(body.status).toBe('CANCELLED');
    });

    it('is answered though the listening connection was cut', async () => {
      const id = await hanging('Cut Off');
      const held = poll(id, { prefer: 'wait=20' });
      const cut = await eventually(async () => {
        const rows = await api.rows(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'moviemind-listen' AND datname = current_database()`,
        );
        return rows.length > 0 && rows;
      });
      // One of each server; and one for the queue, where it is on PostgreSQL.
      expect(cut).toHaveLength(DRIVER === 'database' ? 3 : 2);
      await cancel(id);
      expect((await held).body.status).toBe('CANCELLED');
    });

    it('is answered though the change was not announced', async () => {
      const id = await hanging('Silent');
      const held = poll(id, { prefer: 'wait=20' });
      await api.rows(
        `UPDATE generation_jobs SET status = 'CANCELLED', finished_at = now(), lease_token = NULL, lease_expires_at = NULL WHERE id = $1`,
        [id],
      );
      expect((await held).body.status).toBe('CANCELLED');
    });

    it('is answered at once when the process is told to stop', async () => {
      const id = await hanging('Stopped Meanwhile');
      const { databaseUrl, queuePrefix } = worker.config;
      const leaving = await TestServer.start({ ROLE: 'api', QUEUE_PREFIX: queuePrefix }, databaseUrl!);
      let answered = 0;
      const held = Array.from({ length: 10 }, () =>
        poll(id, { prefer: 'wait=30' }, leaving).then((answer) => {
          answered++;
          return answer;
        }),
      );
      await eventually(async () => leaving.waiting === 10);
      expect(answered).toBe(0);
      // As browsers open them in advance: nothing will ever come on it.
      const silent = connect(Number(new URL(leaving.url).port), '127.0.0.1').on('error', () => undefined);
      await once(silent, 'connect');
      await leaving.stop();
      for (const { status, body } of await Promise.all(held))
        expect([status, body.status]).toEqual([200, 'IN_PROGRESS']);
      await cancel(id);
    });

    it('is forgotten when the client goes away', async () => {
      const ids = [await hanging('Left One'), await hanging('Left Two')];
      const away = new AbortController();
      const held = ids.map((id) =>
        fetch(`${api.url}/jobs/${id}`, { headers: { prefer: 'wait=30' }, signal: away.signal }).catch(() => 'gone'),
      );
      await eventually(async () => api.waiting === 2);
      away.abort();
      expect(await Promise.all(held)).toEqual(['gone', 'gone']);
      await eventually(async () => api.waiting === 0);
      await Promise.all(ids.map(cancel));
    });
  });

  describe('of a request with Prefer: wait', () => {
    const ask = (title: string, headers: Record<string, string> = {}) =>
      api.post('/movies/generate', { title, release_year: 2001 }, headers);
    /** What is told of it besides its body. */
    const told = (answer: Answer<unknown>) =>
      [answer.status, applied(answer)].concat(
        ['location', 'retry-after', 'idempotent-replayed'].map((name) => answer.headers.get(name)),
      );

    it('is answered 200 with the finished job, though it runs in another process', async () => {
      model.script('Asked And Held', { kind: 'answer', delayMs: 500 });
      const answer = await ask('Asked And Held', { prefer: 'wait=20' });
      const { job_id, status, links } = answer.body;
      expect([...told(answer), status]).toEqual([200, 'wait=20', `/jobs/${job_id}`, null, null, 'DONE']);
      expect(links.result).toBe('/movies/asked-and-held-2001?locale=en-US&context_tag=DEFAULT');
      expect(answer.body).toEqual((await poll(job_id)).body);
    });

    it('is answered 200 with a person as well, and with a job that failed', async () => {
      const person = await api.post('/people/generate', { name: 'Held Person' }, { prefer: 'wait=20' });
      expect([person.status, person.body.status]).toEqual([200, 'DONE']);
      model.script('Asked And Failed', { kind: 'answer', output: { found: false } });
      const failed = await ask('Asked And Failed', { prefer: 'wait=20' });
      expect([failed.status, failed.body.status]).toEqual([200, 'FAILED']);
    });

    it('is answered 202 as usual when the time is over, or nothing is understood', async () => {
      model.script('Asked Too Slow', { kind: 'hang' });
      const late = await ask('Asked Too Slow', { prefer: 'wait=1' });
      expect(told(late)).toEqual([202, 'wait=1', `/jobs/${late.body.job_id}`, '1', null]);
      const usual = await ask('Asked Too Slow', { prefer: 'wait=soon' });
      expect(told(usual)).toEqual([202, null, `/jobs/${late.body.job_id}`, '1', null]);
      await cancel(late.body.job_id);
    });

    it('keeps of an Idempotency-Key the 202, and waits for its job again', async () => {
      const key = { 'idempotency-key': randomUUID() };
      const first = await ask('Asked By Key', { ...key, prefer: 'wait=20' });
      const again = await ask('Asked By Key', key);
      const held = await ask('Asked By Key', { ...key, prefer: 'wait=20' });
      const location = `/jobs/${first.body.job_id}`;
      expect(told(first)).toEqual([200, 'wait=20', location, null, null]);
      expect([...told(again), again.body.status]).toEqual([202, null, location, '1', 'true', 'PENDING']);
      expect([...told(held), held.body.status]).toEqual([200, 'wait=20', location, null, 'true', 'DONE']);
    });
  });

  describe('with include=text', () => {
    const withText = (id: string, headers: Record<string, string> = {}, server = api) =>
      server.get<JobDto>(`/jobs/${id}?include=text`, headers);

    it('has the stored text once it is DONE, the one of this job', async () => {
      const subject = { title: 'Shown In Full', release_year: 2002, locale: 'fr-FR', context_tag: 'critical' };
      const first = await api.generate('movies', subject);
      const second = await api.generate('movies', subject);
      for (const [job, version] of [
        [first, 1],
        [second, 2],
      ] as const) {
        const { status, body } = await withText(job.job_id);
        expect([status, body.text?.version, body.text?.id]).toEqual([200, version, job.result!.description_id]);
        expect(body.text).toMatchObject({ locale: 'fr-FR', context_tag: 'critical', origin: 'GENERATED' });
        expect(body.text!.text.length).toBeGreaterThan(50);
      }
      const person = await api.generate('people', { name: 'Shown Person' });
      expect((await withText(person.job_id)).body.text?.id).toBe(person.result!.bio_id);
    });

    it('leaves the answer without it as it was, in every process, before and after', async () => {
      const { job_id } = await api.generate('movies', { title: 'Not Polluted', release_year: 2002 });
      const bare = await poll(job_id, {}, worker);
      const shown = await withText(job_id);
      expect(shown.body).toEqual({ ...bare.body, text: shown.body.text });
      expect(shown.headers.get('etag')).not.toBe(bare.headers.get('etag'));
      for (const server of [api, worker]) {
        const after = await poll(job_id, {}, server);
        expect(after.body).toEqual(bare.body);
        expect(after.headers.get('etag')).toBe(bare.headers.get('etag'));
      }
      const again = await withText(job_id, { 'if-none-match': shown.headers.get('etag')! }, worker);
      expect([again.status, again.body]).toEqual([304, '']);
    });

    it('is held like any poll, has no text before its end, and null once its text is gone', async () => {
      const id = await hanging('No Text Yet');
      const early = await withText(id);
      expect([early.body.status, 'text' in early.body]).toEqual(['IN_PROGRESS', false]);
      await cancel(id);
      expect('text' in (await withText(id)).body).toBe(false);
      model.script('Held With Text', { kind: 'answer', delayMs: 500 });
      const held = await withText(await submit('Held With Text'), { prefer: 'wait=20' });
      expect([held.body.status, held.body.text?.version]).toEqual(['DONE', 1]);
      await api.rows('DELETE FROM movie_descriptions WHERE id = $1', [held.body.text!.id]);
      expect((await withText(held.body.job_id)).body.text).toBeNull();
    });

    it('knows no other word', async () => {
      const answer = await api.get<{ errors: { pointer: string }[] }>(`/jobs/${randomUUID()}?include=all`);
      expect([answer.status, answer.body.errors.map(({ pointer }) => pointer)]).toEqual([422, ['/include']]);
    });
  });

  describe('with If-None-Match', () => {
    it('is 304 without a body while nothing changed, and 200 with another ETag when something has', async () => {
      const id = await hanging('Tagged');
      const first = await poll(id);
      const etag = first.headers.get('etag')!;
      expect(etag).toMatch(/^"[^"]+"$/);
      expect(first.headers.get('cache-control')).toBe('private, no-cache');
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const same = await poll(id, { 'if-none-match': known });
        expect([known, same.status, same.body, same.headers.get('etag')]).toEqual([known, 304, '', etag]);
        expect(same.headers.get('retry-after')).toBe('1');
        expect(same.headers.get('content-type')).toBeNull();
      }
      await cancel(id);
      const changed = await poll(id, { 'if-none-match': etag });
      expect([changed.status, changed.body.status]).toEqual([200, 'CANCELLED']);
      expect(changed.headers.get('etag')).not.toBe(etag);
      expect((await poll(id, { 'if-none-match': changed.headers.get('etag')! })).status).toBe(304);
    });

    it('has the same ETag from every process, from the cache and from the ledger', async () => {
      const { job_id } = await api.generate('movies', { title: 'Tagged Everywhere', release_year: 2000 });
      const answers = [await poll(job_id), await poll(job_id, {}, worker), await poll(job_id, { prefer: 'wait=5' })];
      expect(new Set(answers.map(({ headers }) => headers.get('etag'))).size).toBe(1);
    });

    it('and Prefer: wait is held until the job changes, finished or not', async () => {
      const id = await hanging('Changes');
      const etag = (await poll(id)).headers.get('etag')!;
      const held = poll(id, { 'if-none-match': etag, prefer: 'wait=20' });
      // Back in line, as after a failed try; to stay there.
      await api.rows(
        `UPDATE generation_jobs SET status = 'PENDING', stage = 'QUEUED', lease_token = NULL, lease_expires_at = NULL,
           run_at = now() + interval '1 hour', wait_seconds = 3600 WHERE id = $1`,
        [id],
      );
      const changed = await held;
      expect([changed.status, changed.body.status, applied(changed)]).toEqual([200, 'PENDING', 'wait=20']);
      const old = await poll(id, { 'if-none-match': etag, prefer: 'wait=20' });
      expect([old.status, old.body.status]).toEqual([200, 'PENDING']);
      await cancel(id);
    });

    it('and Prefer: wait is held although the job moves up in its queue', async () => {
      await api.rows(`INSERT INTO queue_pauses (queue) VALUES ('people')`);
      const [ahead, id] = [await submitPerson('Greta Ahead'), await submitPerson('Greta Behind')];
      const standsAt = async (place: number) => {
        const answer = await poll(id);
        return answer.body.queue_position === place && answer.headers.get('etag')!;
      };
      const etag = await eventually(() => standsAt(1));
      await cancel(ahead);
      const moved = await eventually(() => standsAt(0));
      expect(moved).not.toBe(etag);
      const asked = performance.now();
      const held = await poll(id, { 'if-none-match': etag, prefer: 'wait=1' });
      expect(performance.now() - asked).toBeGreaterThan(900);
      expect([held.status, held.body.queue_position, held.headers.get('etag')]).toEqual([200, 0, moved]);
      expect((await poll(id, { 'if-none-match': moved, prefer: 'wait=1' })).status).toBe(304);
      await cancel(id);
      await api.rows('DELETE FROM queue_pauses');
    });

    it('and Prefer: wait is 304 when the time is over', async () => {
      const id = await hanging('Does Not Change');
      const etag = (await poll(id)).headers.get('etag')!;
      const same = await poll(id, { 'if-none-match': etag, prefer: 'wait=1' });
      expect([same.status, same.body, applied(same)]).toEqual([304, '', 'wait=1']);
      await cancel(id);
    });
  });

  it('by HEAD is told the same head, and 304 too', async () => {
    const { job_id } = await api.generate('movies', { title: 'Headed', release_year: 2000 });
    const etag = (await poll(job_id)).headers.get('etag')!;
    const head = await api.send('HEAD', `/jobs/${job_id}`, { prefer: 'wait=2' });
    expect([head.status, head.headers.get('etag'), applied(head)]).toEqual([200, etag, 'wait=2']);
    expect((await api.send('HEAD', `/jobs/${job_id}`, { 'if-none-match': etag })).status).toBe(304);
  });
});
