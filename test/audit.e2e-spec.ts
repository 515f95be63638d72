import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { DeedDto, DeedListDto } from '../src/admin/audit.dto.js';
import { bearer, makeKey, type TestKey } from './support/client/keys.js';
import { alike, insertJob, insertJobs, type NewJob } from './support/ledger/insert-job.js';
import { describeServer } from './support/server/describe-server.js';
import { Program } from './support/server/process.js';

const WORKER = 'elsewhere:1';
const TOKEN = 'a-long-enough-admin-token';
const CLI = join(process.cwd(), 'dist/src/cli.js');
const JSON_BODY = { 'content-type': 'application/json' };
const ENDPOINT = 'https://receiver.example/of-a-secret?token=secret-word';

/** What one does, and what the log has of it. */
interface Done {
  path: string;
  body?: object;
  action: string;
  target: string | null;
}

/** Requests for texts and for what is one's own: no deed of an operator. */
const NOT_NOTED = ['generateMovie', 'generateMovies', 'generatePerson', 'generatePeople', 'createJobAccess'];

describeServer(
  'the log of what people did',
  { ADMIN_TOKEN: TOKEN, ROLE: 'api', AUTH_REQUIRED: 'true' },
  ({ server }) => {
    let operator: TestKey;
    let owner: TestKey;

    beforeAll(async () => {
      operator = await makeKey(server, 'admin');
      owner = await makeKey(server, 'generate');
    });

    const list = async (query = '') =>
      (await server.get<DeedListDto>(`/admin/audit?limit=100&${query}`, operator.headers)).body.results;
    const job = (more: NewJob = {}) => insertJob(server.db, { api_key_id: owner.id, ...more });
    const failed = () => job({ status: 'FAILED' });
    const entryOf = async (id: string) =>
      (await server.rows<{ uuid: string }>('SELECT uuid FROM failed_jobs WHERE job_id = $1', [id]))[0]!.uuid;
    const batchOf = async (id: string) => {
      const batch = randomUUID();
      await server.rows('INSERT INTO batches (id, api_key_id, total) VALUES ($1, $2, 1)', [batch, owner.id]);
      await server.rows('INSERT INTO batch_jobs (batch_id, job_id, items) VALUES ($1, $2, 1)', [batch, id]);
      return batch;
    };
    const delivery = async () => {
      const [id, hook, of] = [randomUUID(), randomUUID(), await job()];
      await server.rows(
        `INSERT INTO job_webhooks (id, job_id, api_key_id, url, events) VALUES ($1, $2, $3, $4, '{job.started}')`,
        [hook, of, owner.id, ENDPOINT],
      );
      await server.rows(
        `INSERT INTO webhook_deliveries (id, webhook_id, run, event, job_status, status, attempts, finished_at)
       VALUES ($1, $2, 1, 'job.started', 'IN_PROGRESS', 'FAILED', 9, now())`,
        [id, hook],
      );
      return { id, job: of };
    };
    const worker = async () => {
      const [row] = await server.rows<{ id: string }>(
        `INSERT INTO workers (id, name, host, pid, queues, concurrency, expires_at)
         VALUES (gen_random_uuid(), $1, 'elsewhere', 1, '{movies}', 1, now() + interval '1 minute') RETURNING id`,
        [WORKER],
      );
      return row!.id;
    };
    const endpoint = async () => {
      const id = randomUUID();
      await server.rows('INSERT INTO webhook_disabled_endpoints (id, api_key_id, url) VALUES ($1, $2, $3)', [
        id,
        owner.id,
        ENDPOINT,
      ]);
      return id;
    };
    const asOperator = <T>(method: string, path: string, body?: object) =>
      body
        ? server.send<T>(method, path, { ...operator.headers, ...JSON_BODY }, JSON.stringify(body))
        : server.send<T>(method, path, operator.headers);
    /** A film or a person that nobody else has. */
    const brought = async (path: string, name: string) => {
      const items = [{ [name]: `Audited ${randomUUID()}`, texts: [{ text: 'One text. It is short.' }] }];
      type Answer = { results: { id: string; slug: string }[] };
      return (await asOperator<Answer>('POST', `/import/${path}`, { items })).body.results[0]!;
    };
    const versions = async (path: string, slug: string, texts: string) =>
      (await server.get<{ results: { id: string }[] }>(`/${path}/${slug}/${texts}`, operator.headers)).body.results;

    /** What each operation of editors does to a kind. */
    const editsOf = (path: string, name: string, texts: string, ids: Record<string, string>) => {
      const one = () => brought(path, name);
      const text = { text: 'Another text. It is short as well.' };
      return {
        [ids.import!]: async () => {
          const title = `Audited ${randomUUID()}`;
          return { path: `/import/${path}`, body: { items: [{ [name]: title }] }, action: 'import', target: 'new' };
        },
        [ids.put!]: async () => {
          const { id, slug } = await one();
          return { path: `/${path}/${slug}/${texts}`, body: text, action: 'write_text', target: id };
        },
        [ids.restore!]: async () => {
          const { id, slug } = await one();
          await asOperator('PUT', `/${path}/${slug}/${texts}`, text);
          const first = (await versions(path, slug, texts)).at(-1)!.id;
          return { path: `/${path}/${slug}/${texts}/${first}/restore`, action: 'restore_text', target: id };
        },
        [ids.delete!]: async () => {
          const { id, slug } = await one();
          const [newest] = await versions(path, slug, texts);
          return { path: `/${path}/${slug}/${texts}/${newest!.id}`, action: 'remove_text', target: id };
        },
        [ids.edit!]: async () => {
          const { id, slug } = await one();
          return { path: `/${path}/${slug}`, body: { hidden: true }, action: 'hide', target: id };
        },
        [ids.remove!]: async () => {
          const { id, slug } = await one();
          return { path: `/${path}/${slug}`, action: 'remove', target: id };
        },
      };
    };

    /** How each operation is made to change something, by its operationId. A new one has to be added, or left out above. */
    const DEEDS: Record<string, () => Promise<Done>> = {
      pauseQueue: async () => ({ path: '/admin/queues/movies/pause', action: 'pause_queue', target: 'movies' }),
      resumeQueue: async () => ({
        path: '/admin/queues/people/resume?now=true',
        action: 'resume_queue',
        target: 'people',
      }),
      drainWorker: async () => ({
        path: `/admin/workers/${await worker()}/drain`,
        action: 'drain_worker',
        target: WORKER,
      }),
      resumeWorker: async () => ({
        path: `/admin/workers/${await worker()}/resume`,
        action: 'resume_worker',
        target: WORKER,
      }),
      setConcurrency: async () => ({
        path: '/admin/concurrency',
        body: { concurrency: 10 },
        action: 'set_concurrency',
        target: null,
      }),
      retryFailedJob: async () => {
        const id = await failed();
        return { path: `/admin/failed-jobs/${await entryOf(id)}/retry`, action: 'retry_job', target: id };
      },
      retryFailedJobs: async () => {
        const ids = [await entryOf(await failed())];
        return { path: '/admin/failed-jobs/retry', body: { ids }, action: 'retry_jobs', target: null };
      },
      forgetFailedJob: async () => {
        const id = await failed();
        return { path: `/admin/failed-jobs/${await entryOf(id)}`, action: 'forget_job', target: id };
      },
      flushFailedJobs: async () => {
        await failed();
        const path = `/admin/failed-jobs?older_than=${new Date(Date.now() + 60_000).toISOString()}`;
        return { path, action: 'forget_jobs', target: null };
      },
      testModel: async () => ({ path: '/admin/model/test', action: 'try_model', target: null }),
      reviewText: async () => {
        const { id } = await brought('movies', 'title');
        const [text] = await server.rows<{ id: string }>(
          `INSERT INTO movie_descriptions (id, movie_id, locale, context_tag, version, text, origin, ai_model)
           VALUES (gen_random_uuid(), $1, 'pl-PL', 'DEFAULT', 1, 'Tekst.', 'GENERATED', 'a-model') RETURNING id`,
          [id],
        );
        const body = { verdict: 'bad', note: 'It is short.' };
        return { path: `/admin/reviews/${text!.id}`, body, action: 'review_text', target: text!.id };
      },
      noteBackup: async () => ({
        path: '/admin/backups',
        body: { tool: 'pg_dump' },
        action: 'note_backup',
        target: 'new',
      }),
      replayAnyDelivery: async () => {
        const { id } = await delivery();
        return { path: `/admin/deliveries/${id}/replay`, action: 'replay_delivery', target: id };
      },
      replayDelivery: async () => {
        const { id, job: of } = await delivery();
        return { path: `/jobs/${of}/deliveries/${id}/replay`, action: 'replay_delivery', target: id };
      },
      liftBlock: async () => {
        const { id, slug } = await brought('people', 'name');
        await asOperator('DELETE', `/people/${slug}?block=true`);
        const [block] = await server.rows<{ id: string }>('SELECT id FROM blocks WHERE entity_id = $1', [id]);
        return { path: `/admin/blocks/${block!.id}`, action: 'unblock', target: id };
      },
      cancelJob: async () => {
        const id = await job();
        return { path: `/jobs/${id}/cancel`, action: 'cancel_job', target: id };
      },
      retryJob: async () => {
        const id = await failed();
        return { path: `/jobs/${id}/retry`, action: 'retry_job', target: id };
      },
      cancelBatch: async () => {
        const id = await batchOf(await job());
        return { path: `/batches/${id}/cancel`, action: 'cancel_batch', target: id };
      },
      retryBatch: async () => {
        const id = await batchOf(await failed());
        return { path: `/batches/${id}/retry`, action: 'retry_batch', target: id };
      },
      rotateWebhookSecret: async () => ({
        path: '/webhooks/secret/rotate',
        action: 'rotate_webhook_secret',
        target: operator.id,
      }),
      enableEndpoint: async () => {
        const id = await endpoint();
        return { path: `/webhooks/disabled/${id}`, action: 'enable_endpoint', target: id };
      },
      ...editsOf('movies', 'title', 'descriptions', {
        import: 'importMovies',
        put: 'putMovieDescription',
        restore: 'restoreMovieDescription',
        delete: 'deleteMovieDescription',
        edit: 'editMovie',
        remove: 'deleteMovie',
      }),
      ...editsOf('people', 'name', 'bios', {
        import: 'importPeople',
        put: 'putPersonBio',
        restore: 'restorePersonBio',
        delete: 'deletePersonBio',
        edit: 'editPerson',
        remove: 'deletePerson',
      }),
    };

    it('has all that an operator does, by every operation that changes something, and no secret', async () => {
      const changing = server.api.operations.filter(({ method }) => method.toUpperCase() !== 'GET');
      expect(changing.map(({ operationId }) => operationId).sort()).toEqual(
        [...Object.keys(DEEDS), ...NOT_NOTED].sort(),
      );
      for (const { operationId, method } of changing.filter((one) => one.operationId in DEEDS)) {
        const { path, body, action, target } = await DEEDS[operationId]!();
        const [before] = await list();
        const answer = await asOperator<object>(method.toUpperCase(), path, body);
        expect([operationId, answer.status]).toEqual([operationId, expect.closeTo(202, -1)]);
        const since = (await list()).filter(({ id }) => !before || id > before.id);
        const who = { actor: 'key', actor_name: 'test', api_key_id: operator.id };
        const request_id = answer.headers.get('x-request-id');
        const told = target === 'new' ? expect.any(String) : target;
        expect([operationId, since]).toEqual([
          operationId,
          [expect.objectContaining({ ...who, request_id, action, target: told })],
        ]);
      }
      const rows = JSON.stringify(await list());
      expect(rows).not.toMatch(/whsec_|mm_|secret-word|of-a-secret|It is short/);
    });

    it('has one row for many, with the filter and their count, whatever number of transactions it took', async () => {
      await insertJobs(server.db, alike(501, { status: 'FAILED', error: { type: 'AI_REFUSED', message: 'x' } }));
      const filter = { type: 'AI_REFUSED', entity: 'MOVIE' };
      await asOperator('POST', '/admin/failed-jobs/retry', filter);
      await asOperator('POST', '/admin/failed-jobs/retry', filter); // nothing is left, so it is no deed
      const [deed, ...others] = await list('action=retry_jobs&since=1m');
      expect(deed!.details).toEqual({ filter, count: 501 });
      expect(others.filter(({ details }) => JSON.stringify(details).includes('AI_REFUSED'))).toEqual([]);
    });

    it('has not what one does with one’s own, nor what changes nothing', async () => {
      const before = (await list()).length;
      const mine = await job();
      expect((await server.send('POST', `/jobs/${mine}/cancel`, owner.headers)).status).toBe(200);
      expect((await asOperator('POST', `/jobs/${mine}/cancel`)).status).toBe(200);
      expect((await asOperator('POST', '/admin/queues/webhooks/resume')).status).toBe(200);
      expect((await asOperator('DELETE', '/admin/failed-jobs?older_than=30d')).status).toBe(200);
      expect((await asOperator('DELETE', `/admin/blocks/${randomUUID()}`)).status).toBe(404);
      expect(await list()).toHaveLength(Math.min(before, 100));
    });

    it('knows the bearer of ADMIN_TOKEN, and who made and revoked a key by a command, but not the key', async () => {
      await server.send('POST', '/admin/queues/webhooks/pause', bearer(TOKEN));
      await server.send('POST', '/admin/queues/webhooks/resume', bearer(TOKEN));
      const [paused] = await list('action=resume_queue&target=webhooks');
      const details = { paused_at: expect.any(String), now: false };
      expect(paused).toMatchObject({ actor: 'bootstrap', actor_name: null, api_key_id: null, details });

      const keys = async (...args: string[]) => {
        const program = new Program({ DATABASE_URL: server.config.databaseUrl! }, CLI, ['keys', ...args]);
        expect(await program.exited).toBe(0);
        return program.stdout;
      };
      const made = JSON.parse(await keys('create', '--name', 'website', '--scope', 'generate', '--json')) as Record<
        'id' | 'key',
        string
      >;
      await keys('revoke', made.id);
      await keys('revoke', made.id);
      const deeds = await list(`target_kind=KEY&target=${made.id}`);
      const who = { actor: 'cli', actor_name: userInfo().username, api_key_id: null, request_id: null };
      expect(deeds).toEqual([
        expect.objectContaining({ ...who, action: 'revoke_key', details: { name: 'website', scopes: ['generate'] } }),
        expect.objectContaining({ ...who, action: 'create_key' }),
      ]);
      expect(deeds[1]!.details).toMatchObject({ after: { name: 'website', scopes: ['generate'], project: 'default' } });
      expect(JSON.stringify(deeds)).not.toContain(made.key);
    });

    it('is narrowed as one likes, part by part, and the older list has the edits alone', async () => {
      const kinds = (rows: DeedDto[]) => new Set(rows.map(({ target_kind }) => target_kind));
      expect(kinds(await list('target_kind=QUEUE'))).toEqual(new Set(['QUEUE']));
      expect(kinds(await list('target_kind=PERSON'))).toEqual(new Set(['PERSON']));
      const { id, slug } = await brought('movies', 'title');
      for (const target of [id, slug]) expect(await list(`target=${target}`)).toMatchObject([{ target: id, slug }]);
      expect((await list(`key=${owner.id}`)).length).toBe(0);
      expect(new Set((await list(`key=${operator.id}`)).map(({ api_key_id }) => api_key_id))).toEqual(
        new Set([operator.id]),
      );
      const first = await server.get<DeedListDto>('/admin/audit?limit=3', operator.headers);
      const second = await server.get<DeedListDto>(
        `/admin/audit?limit=3&cursor=${first.body.next_cursor}`,
        operator.headers,
      );
      expect([...first.body.results, ...second.body.results]).toEqual((await list()).slice(0, 6));
      for (const query of ['action=x', 'target_kind=FILM', 'key=x', 'limit=0'])
        expect((await server.get(`/admin/audit?${query}`, operator.headers)).status).toBe(422);
      type Old = { results: { entity: string; action: string }[] };
      const { results } = (await server.get<Old>('/admin/audit-log?limit=100', operator.headers)).body;
      expect(new Set(results.map(({ entity }) => entity))).toEqual(new Set(['MOVIE', 'PERSON']));
    });
  },
);
