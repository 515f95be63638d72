import { existsSync, readFileSync } from 'node:fs';
import { Proxy } from './support/machines/proxy.js';
import { cloneDatabase, eventually, TestServer } from './support/server/server.js';

/** Connections of the ledger's pool. */
const POOL = 10;
/** Well below what a connection is given to answer, 12 s. */
const AT_ONCE_MS = 8000;

describe('connections to PostgreSQL that die without a word', () => {
  let wire: Proxy;
  let server: TestServer;
  let database: Awaited<ReturnType<typeof cloneDatabase>>;

  beforeAll(async () => {
    database = await cloneDatabase();
    wire = await Proxy.to(database.url);
    server = await TestServer.start({}, wire.around(database.url));
  });

  afterAll(async () => {
    await server.stop();
    await wire.stop();
    await database.drop();
  });

  const timed = async () => {
    const asked = performance.now();
    const { status } = await server.get('/movies');
    return { status, ms: performance.now() - asked };
  };
  const wave = () => Promise.all(Array.from({ length: POOL }, timed));

  it('are probed by the system while nothing is said on them', async () => {
    await wave();
    const probed = await eventually(async () => {
      const timers = timersOf(wire.port);
      return timers.every((timer) => timer === KEEP_ALIVE) ? timers : null;
    });
    expect(probed.length > 0).toBe(existsSync(TABLE));
  });

  it('cost one slow request each, and the next one is served', async () => {
    await wave();
    wire.forget();
    const waves = [await wave(), await wave(), await wave(), await wave()];
    const slow = waves.flat().filter(({ status, ms }) => status !== 200 || ms > AT_ONCE_MS);
    expect(slow.length).toBeGreaterThan(0);
    expect(slow.length).toBeLessThanOrEqual(POOL);
    expect(waves.at(-1)!.map(({ status }) => status)).toEqual(Array.from({ length: POOL }, () => 200));
    // Those of the queue, too.
    const accepted = await eventually(async () => {
      const answer = await server.post('/movies/generate', { title: 'Heard Again', release_year: 2000 });
      return answer.status === 202 ? answer.body : null;
    }, 60_000);
    expect((await server.finished(accepted.job_id, 90_000)).status).toBe('DONE');
  }, 240_000);
});

/** Linux' table of connections, and how the timer of a probe is called there. */
const TABLE = '/proc/net/tcp';
const KEEP_ALIVE = '02';

/** Timers of the open connections to a port of this machine; what Linux alone tells. */
function timersOf(port: number): string[] {
  if (!existsSync(TABLE)) return [];
  const lines = readFileSync(TABLE, 'utf8').trim().split('\n').slice(1);
  const remote = port.toString(16).toUpperCase().padStart(4, '0');
  const rows = lines.map((line) => line.trim().split(/\s+/));
  return rows
    .filter(([, , to, state]) => to!.endsWith(`:${remote}`) && state === '01')
    .map((row) => row[5]!.slice(0, 2));
}
