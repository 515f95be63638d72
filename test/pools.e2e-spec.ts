import pg from 'pg';
import { describeServer, WITH_MODEL } from './support/server/describe-server.js';
import { examplesOf, type Operation } from './support/document/documented.js';
import { bearer } from './support/client/keys.js';
import { type Answer, eventually } from './support/server/server.js';
import { type Behaviour } from './support/model/stub-model.js';

const TOKEN = 'a-long-enough-admin-token';
const ADMIN = bearer(TOKEN);
/** Shorter than anybody waits for a connection, milliseconds: who asks for a second one is answered after 5 s. */
const AT_ONCE_MS = 4000;
const many = <T>(count: number, make: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => make(n)));

const EXPORTS_AT_ONCE = 2;
const SETTINGS = {
  DATABASE_POOL_SIZE: '1',
  DATABASE_READ_POOL_SIZE: '1',
  ADMIN_TOKEN: TOKEN,
  WEBHOOK_ALLOW_PRIVATE: 'true',
  ...WITH_MODEL,
};

describeServer('one connection for everything', SETTINGS, ({ server, model, receiver }) => {
  /** Many times at once: answered in time, and not because nothing is to be had. */
  async function expectServed(name: string, ask: (n: number) => Promise<Answer<unknown>>): Promise<void> {
    const began = performance.now();
    // More exports at once than these are refused, whatever there is of connections.
    const answers = await many(name.startsWith('export') ? EXPORTS_AT_ONCE : 6, ask);
    const took = performance.now() - began;
    expect([name, answers.map(({ status }) => status).filter((status) => status >= 500)]).toEqual([name, []]);
    expect([name, took < AT_ONCE_MS ? 'in time' : took]).toEqual([name, 'in time']);
  }

  const refused: Behaviour = { kind: 'status', status: 400 };

  it('is enough for every route of the document', async () => {
    const film = await server.generate('movies', { title: 'The Matrix', release_year: 1999 });
    const person = await server.generate('people', { name: 'Keanu Reeves' });
    model.script('Failing', ...Array.from({ length: 20 }, () => refused));
    const failed = await server.generate('movies', { title: 'Failing' });
    const slugs = { movies: film.slug, people: person.slug, jobs: failed.job_id };
    const pathOf = ({ path, parameters }: Operation) =>
      path.replace(/{(\w+)}/g, (_, wanted: string) => {
        const known = slugs[path.split('/')[1] as keyof typeof slugs];
        const example = String(parameters.find(({ name }) => name === wanted)!.schema.example);
        return wanted === 'slug' || (wanted === 'id' && known) ? (known ?? example) : example;
      });
    for (const operation of server.api.operations) {
      const { operationId, method, requestBody } = operation;
      // A stream goes on; what pauses a queue would keep the rest of this test waiting.
      if (['streamJobEvents', 'pauseQueue'].includes(operationId)) continue;
      const bodies = requestBody ? examplesOf(requestBody.content['application/json']) : [undefined];
      for (const body of bodies) {
        const text = body === undefined ? undefined : JSON.stringify(body);
        const json: Record<string, string> = text === undefined ? {} : { 'content-type': 'application/json' };
        await expectServed(operationId, (n) => {
          const key: Record<string, string> = method === 'POST' ? { 'idempotency-key': `"${operationId} ${n}"` } : {};
          return server.send<unknown>(method, pathOf(operation), { ...ADMIN, ...json, ...key }, text);
        });
      }
    }
  });

  it('is enough for whatever is asked of jobs, with and without an Idempotency-Key', async () => {
    const webhook_url = receiver.url('/told');
    const keyed = (n: number) => ({ 'idempotency-key': `pool-${n}` });
    const items = ['One', 'Two', 'One'].map((title) => ({ title, webhook_url }));
    const film = (n: number) => ({ title: `Film ${n % 3}`, webhook_url, if_exists: n % 2 ? 'reuse' : 'regenerate' });
    for (const headers of [() => ({}), keyed]) {
      await expectServed('generate', (n) => server.post<unknown>('/movies/generate', film(n), headers(n)));
      await expectServed('batch', (n) => server.post<unknown>('/movies/generate/batch', { items }, headers(10 + n)));
    }
    model.script('Fails', ...Array.from({ length: 20 }, () => refused));
    const failed = await server.generate('movies', { title: 'Fails', webhook_url });
    const done = await server.generate('movies', { title: 'Done', webhook_url });
    for (const { job_id } of [failed, done])
      for (const act of ['retry', 'cancel'])
        await expectServed(act, (n) => server.send<unknown>('POST', `/jobs/${job_id}/${act}`, keyed(20 + n)));
    const { delivery_id } = await eventually(async () => {
      const path = `/jobs/${done.job_id}/deliveries`;
      return (await server.get<{ results: { delivery_id: string }[] }>(path)).body.results[0];
    });
    const replay = `/jobs/${done.job_id}/deliveries/${delivery_id}/replay`;
    await expectServed('replay', () => server.send<unknown>('POST', replay));
    await eventually(async () => receiver.at('/told').length > 0);
  });
});

describeServer('reading that stands still', { ADMIN_TOKEN: TOKEN, RATE_LIMIT_READ: '0' }, ({ server }) => {
  /** Keeps the tables that are read locked. */
  let locked: pg.Client;

  beforeAll(async () => {
    await server.generate('movies', { title: 'Read Often' });
    locked = new pg.Client({ connectionString: server.config.databaseUrl! });
    await locked.connect();
  });

  afterAll(async () => {
    await locked.end();
  });

  it('leaves accepting and health alone, and says that it is busy', async () => {
    await locked.query('BEGIN');
    await locked.query('LOCK TABLE movies, people IN ACCESS EXCLUSIVE MODE');
    const began = performance.now();
    const reads = many(200, async (n) => {
      const answer = await server.get(n % 2 ? '/movies?q=the' : '/people/nobody');
      return { ...answer, ms: performance.now() - began };
    });
    const during: [name: string, ask: () => Promise<Answer<unknown>>, status: number][] = [
      ['accepting', () => server.post<unknown>('/movies/generate', { title: 'Meanwhile' }), 202],
      ['health', () => server.get<unknown>('/health/ready'), 200],
      ['health in detail', () => server.get<unknown>('/health/detail', ADMIN), 200],
    ];
    for (const [name, ask, status] of [...during, ...during]) {
      const asked = performance.now();
      expect([name, (await ask()).status]).toEqual([name, status]);
      expect([name, performance.now() - asked < AT_ONCE_MS]).toEqual([name, true]);
    }
    const answers = await reads;
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
    for (const { headers } of answers) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    const refused = answers.filter(({ body }) => body.type === 'urn:moviemind:problem:busy');
    expect(refused.length).toBeGreaterThan(100);
    // None waits longer than for its turn and for its statement.
    expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(15_000);
    await locked.query('ROLLBACK');
    await eventually(async () => (await server.get('/movies?q=read+often')).body.total_results === 1);
  });
});
