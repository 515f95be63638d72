import { TestServer } from './support/server.js';

const TOKEN = 'a-long-enough-admin-token';

describe('with auth required', () => {
  let server: TestServer;
  let closed: TestServer;

  beforeAll(async () => {
    server = await TestServer.start({ AUTH_REQUIRED: 'true', ADMIN_TOKEN: TOKEN });
    closed = await TestServer.start({ AUTH_REQUIRED: 'true', PUBLIC_READS: 'false' });
  });

  afterAll(async () => {
    await server.stop();
    await closed.stop();
  });

  const film = { title: 'Guarded', release_year: 2000 };
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

  const WITHOUT_KEY: [name: string, headers: Record<string, string>][] = [
    ['no key', {}],
    ['a wrong key', bearer('a-long-enough-wrong-token')],
    ['the beginning of the key', bearer(TOKEN.slice(0, -1))],
    ['the key as basic auth', { authorization: `Basic ${TOKEN}` }],
    ['an empty key', { authorization: 'Bearer ' }],
  ];

  it.each(WITHOUT_KEY)('refuses to generate with %s', async (_, headers) => {
    const answer = await server.post('/movies/generate', film, headers);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(answer.body).toMatchObject({ type: 'urn:moviemind:problem:unauthorized', status: 401 });
    expect(await server.rows('SELECT 1 FROM generation_jobs')).toHaveLength(0);
  });

  it('does the work with the key, and shows the job only with it', async () => {
    const { status, body } = await server.post('/movies/generate', film, bearer(TOKEN));
    expect(status).toBe(202);
    expect((await server.get(`/jobs/${body.job_id}`)).status).toBe(401);
    expect((await server.get(`/jobs/${body.job_id}`, bearer(TOKEN))).status).toBe(200);
  });

  it('leaves health and published films open', async () => {
    for (const path of ['/health/live', '/health/ready', '/movies', '/people', '/openapi.json']) {
      expect([path, (await server.get(path)).status]).toEqual([path, 200]);
    }
  });

  it('closes reads with PUBLIC_READS=false, and lets nobody in when there is no key at all', async () => {
    expect((await closed.get('/movies')).status).toBe(401);
    expect((await closed.get('/movies', bearer('undefined'))).status).toBe(401);
    expect((await closed.get('/health/live')).status).toBe(200);
  });
});
