import { onRedis } from './support/run/on-driver.js';
import { OwnRedis } from './support/machines/own-redis.js';
import { eventually, type Settings, TestServer } from './support/server/server.js';

const TOKEN = 'a-long-enough-admin-token';
const BOARD = '/admin/board';
const basic = (name: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
});
const OPERATOR = basic('anybody', TOKEN);

interface Queues {
  queues: { name: string; readOnlyMode: boolean; counts: Record<string, number>; jobs: { data: object }[] }[];
}

describe('the board', () => {
  let server: TestServer;
  let redis: OwnRedis | null = null;

  beforeAll(async () => {
    if (DRIVER === 'redis') {
      redis = await OwnRedis.reserve();
      await redis.start();
    }
    const own: Settings = redis ? { REDIS_URL: redis.url } : {};
    server = await TestServer.start({ ...own, ADMIN_TOKEN: TOKEN, ROLE: 'api' });
  });

  afterAll(async () => {
    await server.stop();
    await redis?.remove();
  });

  const PATHS = ['', '/', '/queue/movies', '/api/queues', '/api/redis/stats', '/static/favicon.ico'];

  const WITHOUT_KEY: Record<string, string>[] = [
    {},
    basic('admin', 'wrong-password-0123'),
    basic(TOKEN, ''),
    { authorization: 'Basic !' },
  ];

  it.each(PATHS)('asks a browser for the key before it shows %s', async (path) => {
    for (const headers of WITHOUT_KEY) {
      const answer = await server.get(BOARD + path, { ...headers, 'x-request-id': 'looker-1' });
      expect([answer.status, answer.body.type]).toEqual([401, 'urn:moviemind:problem:unauthorized']);
      expect([answer.body.request_id, answer.headers.get('x-request-id')]).toEqual(['looker-1', 'looker-1']);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm="/);
    }
    const shown = await server.get(BOARD + path, { ...OPERATOR, 'x-request-id': 'looker-2' });
    expect([shown.status, shown.headers.get('x-request-id')]).toEqual([200, 'looker-2']);
    const { status, headers } = await server.get(BOARD + path, { authorization: `Bearer ${TOKEN}` });
    expect([status, headers.get('x-request-id')]).toEqual([200, expect.stringMatching(/^[\da-f-]{36}$/)]);
  });

  it('is not shown to the page of another site, though the browser adds the password', async () => {
    const asked = (headers: Record<string, string>) => server.get(`${BOARD}/api/queues`, { ...OPERATOR, ...headers });
    for (const site of ['cross-site', 'same-site'])
      expect((await asked({ 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' })).status).toBe(403);
    expect((await asked({ 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });

  it('takes a password nowhere else', async () => {
    for (const path of ['/admin/queues', '/health/detail', '/metrics', '/admin/failed-jobs'])
      expect([path, (await server.get(path, OPERATOR)).status]).toEqual([path, 401]);
  });

  it('is a page that loads everything from this server, by its Content-Security-Policy too', async () => {
    const page = await server.get<string>(`${BOARD}/`, OPERATOR);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'self'.*script-src 'self'/);
    expect(page.body).not.toMatch(/(src|href)=["']?(https?:)?\/\//);
    const assets = [...page.body.matchAll(/(?:src|href)="(static\/[^"]+)"/g)].map(([, path]) => path!);
    expect(assets.filter((path) => /\.(js|css)$/.test(path)).length).toBeGreaterThan(2);
    for (const path of assets) {
      const { status, headers } = await server.get(`${BOARD}/${path}`, OPERATOR);
      expect([path, status, headers.get('x-content-type-options')]).toEqual([path, 200, 'nosniff']);
    }
  });

  it('shows what is in the queues, which is ids and nothing else', async () => {
    const { body } = await server.post('/movies/generate', { title: 'A Title Nobody Should See', release_year: 2000 });
    const queues = await eventually(async () => {
      const path = `${BOARD}/api/queues?activeQueue=movies&status=waiting&page=1&jobsPerPage=10`;
      const answer = (await server.get<Queues>(path, OPERATOR)).body.queues;
      return answer.find(({ name }) => name === 'movies')?.counts.waiting === 1 && answer;
    });
    expect(queues.map(({ name }) => name)).toEqual(expect.arrayContaining(['movies', 'people']));
    expect(queues.every(({ readOnlyMode }) => readOnlyMode)).toBe(true);
    expect(queues[0]!.jobs.map(({ data }) => data)).toEqual([{ job_id: body.job_id }]);
    expect(JSON.stringify(queues)).not.toMatch(/Nobody|nobody/);
  });

  it('changes nothing, whatever it is asked to', async () => {
    const [row] = await server.rows<{ id: string }>('SELECT id || $1 || dispatch AS id FROM generation_jobs', ['.']);
    const job = `${BOARD}/api/queues/movies/${row!.id}`;
    const attempts: [method: string, path: string][] = [
      ['PUT', `${BOARD}/api/queues/movies/pause`],
      ['PUT', `${BOARD}/api/queues/pause`],
      ['PUT', `${BOARD}/api/queues/movies/empty`],
      ['PUT', `${BOARD}/api/queues/movies/obliterate`],
      ['PUT', `${BOARD}/api/queues/movies/clean/wait`],
      ['PUT', `${job}/clean`],
      ['PUT', `${job}/promote`],
      ['PATCH', `${job}/update-data`],
      ['POST', `${BOARD}/api/queues/movies/add`],
    ];
    for (const [method, path] of attempts)
      expect([method, path, (await server.send(method, path, OPERATOR)).status]).toEqual([method, path, 404]);
    const { queues } = (
      await server.get<Queues>(`${BOARD}/api/queues?activeQueue=movies&page=1&jobsPerPage=10`, OPERATOR)
    ).body;
    expect(queues.find(({ name }) => name === 'movies')!.counts.waiting).toBe(1);
  });

  onRedis('says that the queue is away, and shows it again when it is back', async () => {
    await redis!.kill();
    expect((await server.get(`${BOARD}/`, OPERATOR)).status).toBe(200);
    const away = await server.get(`${BOARD}/api/queues`, OPERATOR);
    expect([away.status, away.body.message]).toEqual([503, expect.stringMatching(/^The queue does not answer/)]);
    await redis!.start();
    await eventually(async () => (await server.get(`${BOARD}/api/queues`, OPERATOR)).status === 200);
    redis!.freeze();
    expect((await server.get(`${BOARD}/api/queues`, OPERATOR)).status).toBe(503);
    redis!.thaw();
    await eventually(async () => (await server.get(`${BOARD}/api/queues`, OPERATOR)).status === 200);
  });
});
