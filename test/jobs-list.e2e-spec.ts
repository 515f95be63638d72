import type { JobListDto } from '../src/jobs/job-list.dto.js';
import type { JobDto } from '../src/jobs/jobs.dto.js';
import { describeServer } from './support/server/describe-server.js';
import { makeKey } from './support/client/keys.js';
import { eventually } from './support/run/eventually.js';
import { ago, alike, insertJobs } from './support/ledger/insert-job.js';

const TOKEN = 'a-long-enough-admin-token';
const ADMIN = { authorization: `Bearer ${TOKEN}` };

describeServer('the list of jobs', { ROLE: 'api', AUTH_REQUIRED: 'true', ADMIN_TOKEN: TOKEN }, ({ server }) => {
  /** Their ids, newest first. */
  let ids: string[];

  beforeAll(async () => {
    const accepted: JobDto[] = [];
    for (let n = 0; n < 30; n++) {
      const kind = n % 3 === 0 ? 'people' : 'movies';
      const body = { [kind === 'people' ? 'name' : 'title']: `Listed ${n}`, locale: n % 2 ? 'en-US' : 'pl-PL' };
      accepted.push((await server.post(`/${kind}/generate`, body, ADMIN)).body);
    }
    ids = accepted.map(({ job_id }) => job_id).reverse();
    for (const n of [3, 4, 5]) await server.send('POST', `/jobs/${ids[n]}/cancel`, ADMIN);
  });

  const list = async (query = '') => (await server.get<JobListDto>(`/jobs${query}`, ADMIN)).body;
  const shown = ({ results }: JobListDto) => results.map(({ job_id }) => job_id);

  it('shows the newest first, twenty at a time', async () => {
    const { results, next_cursor } = await list();
    expect(results.map(({ job_id }) => job_id)).toEqual(ids.slice(0, 20));
    const [one] = results;
    expect((await server.get<JobDto>(one!.links.self, ADMIN)).body).toEqual({ ...one, queue_position: 17 });
    expect(await list(`?cursor=${next_cursor}`)).toMatchObject({ next_cursor: null, results: { length: 10 } });
  });

  it.each([[1], [7], [10], [30], [100]])(
    'is walked through in steps of %d, nothing twice and nothing left out',
    async (limit) => {
      const walked: string[] = [];
      let cursor: string | null = '';
      for (let steps = 0; cursor !== null && steps < 40; steps++) {
        const page: JobListDto = await list(`?limit=${limit}${cursor && `&cursor=${cursor}`}`);
        walked.push(...shown(page));
        cursor = page.next_cursor;
      }
      expect(walked).toEqual(ids);
    },
  );

  it('is the same for a key of an operator, whose project has other keys', async () => {
    const key = await makeKey(server, 'admin');
    const fellow = await makeKey(server, 'generate');
    const project = '019ab1d2-7c3e-7000-8000-00000000a0a0';
    await server.rows(`INSERT INTO projects (id, name) VALUES ($1, 'of-operators')`, [project]);
    await server.rows('UPDATE api_keys SET project_id = $1 WHERE id = ANY($2)', [project, [key.id, fellow.id]]);
    for (const query of ['', '?limit=100', '?status=PENDING&limit=100', '?entity=MOVIE&limit=7', '?slug=listed-7'])
      expect([query, shown((await server.get<JobListDto>(`/jobs${query}`, key.headers)).body)]).toEqual([
        query,
        shown(await list(query)),
      ]);
  });

  it('is narrowed by status, entity and slug, together too, and goes on within that', async () => {
    const cancelled = await list('?status=CANCELLED');
    expect(shown(cancelled)).toEqual(ids.slice(3, 6));
    const people = await list('?entity=PERSON&limit=6');
    expect(people.results.map(({ entity }) => entity)).toEqual(Array(6).fill('PERSON'));
    const more = await list(`?entity=PERSON&limit=6&cursor=${people.next_cursor}`);
    expect([...shown(people), ...shown(more)]).toEqual(ids.filter((_, n) => (29 - n) % 3 === 0));
    const slug = 'listed-7';
    expect(shown(await list(`?slug=${slug}`))).toEqual([ids[22]]);
    expect(shown(await list(`?slug=${slug}&entity=PERSON`))).toEqual([]);
    expect(shown(await list('?status=CANCELLED&entity=MOVIE&limit=1'))).toEqual(
      ids
        .slice(3, 6)
        .filter((id) => !shown(people).includes(id))
        .slice(0, 1),
    );
    expect(await list('?status=EXPIRED')).toEqual({ results: [], next_cursor: null });
  });

  it('finds a job by the slug of its result as by that of its request, once', async () => {
    await server.rows(`UPDATE generation_jobs SET slug = 'listed-8-1999' WHERE requested_slug = 'listed-8'`);
    await server.rows(`UPDATE generation_jobs SET slug = 'listed-10' WHERE requested_slug = 'listed-10'`);
    for (const slug of ['listed-8', 'listed-8-1999', 'listed-10'])
      expect([slug, (await list(`?slug=${slug}`)).results.length]).toEqual([slug, 1]);
    await server.rows(`UPDATE generation_jobs SET slug = NULL`);
  });

  it('is shown to nobody without a key where one is needed', async () => {
    expect((await server.get('/jobs')).status).toBe(401);
  });

  it.each([
    ['limit=0', '/limit'],
    ['limit=101', '/limit'],
    ['limit=x', '/limit'],
    ['limit=', '/limit'],
    ['limit=1&limit=2', '/limit'],
    ['status=done', '/status'],
    ['status=', '/status'],
    ['entity=FILM', '/entity'],
    ['slug=The%20Matrix', '/slug'],
    ['slug=x', '/slug'],
    ['cursor=', '/cursor'],
    ['cursor=nonsense', '/cursor'],
    ['cursor=AAAAAAAAAAAAAAAAAAAAA_', '/cursor'],
    ['cursor=a&cursor=b', '/cursor'],
    ['colour=red', '/colour'],
  ])('refuses ?%s', async (query, pointer) => {
    const { status, body } = await server.get<{ errors: { pointer: string }[] }>(`/jobs?${query}`, ADMIN);
    expect([status, body.errors?.map((error) => error.pointer)]).toEqual([422, [pointer]]);
  });

  it('tells a waiting job how many of its kind are ahead of it', async () => {
    const position = async (id: string) => (await server.get<JobDto>(`/jobs/${id}`, ADMIN)).body.queue_position;
    const people = ids.filter((_, n) => (29 - n) % 3 === 0).reverse();
    const waiting = people.filter((id) => !ids.slice(3, 6).includes(id));
    expect(await Promise.all(waiting.map(position))).toEqual(waiting.map((_, n) => n));
    expect(await position(ids[4]!)).toBeNull();
    const [first, second] = waiting as [string, string];
    await server.rows(
      `UPDATE generation_jobs SET run_at = now() + interval '1 hour', wait_seconds = 3600 WHERE id = $1`,
      [first],
    );
    // Once the cache is not believed any more.
    await eventually(async () => (await position(first)) === null);
    await eventually(async () => (await position(second)) === 0);
  });

  it('counts a thousand ahead of a job and no more', async () => {
    await insertJobs(server.db, alike(1500, { run_at: ago(86_400) }));
    const { body } = await server.post('/movies/generate', { title: 'Last In Line' }, ADMIN);
    expect(body.queue_position).toBeNull();
    const position = async () => (await server.get<JobDto>(body.links.self, ADMIN)).body.queue_position;
    // All polls of a moment share the line.
    await eventually(async () => (await position()) === 1000);
  });

  it('has no waiting job any more that was removed after it was polled', async () => {
    const [id] = await insertJobs(server.db, alike(1));
    for (let n = 0; n < 2; n++) expect((await server.get(`/jobs/${id}`, ADMIN)).status).toBe(200);
    await server.rows('DELETE FROM generation_jobs WHERE id = $1', [id]);
    await eventually(async () => (await server.get(`/jobs/${id}`, ADMIN)).status === 404);
    expect((await server.get(`/jobs/${id}`, ADMIN)).status).toBe(404);
  });
});
