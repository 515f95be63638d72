import { Agent, request } from 'node:http';
import pg from 'pg';
import { eventually } from './support/run/eventually.js';
import { type Cost, CountedProgram } from './support/server/counted-program.js';
import { cloneDatabase } from './support/server/server.js';

/** How often each is done: a stray of something else is less than half of one. */
const TIMES = 10;
/** Jobs that wait for a worker at once. */
const BACKLOG = 150;
/** So long that claiming a job and settling it are two things, milliseconds. */
const THINKS_MS = 50;

type Work = 'accepting' | 'job' | 'firstLook' | 'nextLook' | 'finalLook';
type Inside = Omit<Cost, keyof ReturnType<typeof servers>>;

/** What PostgreSQL is asked, how often it is waited for; the same of Redis. */
const servers = (statements: number, waits: number, commands = 0, commandWaits = 0) => {
  return { statements, waits, commands, commandWaits };
};
const inside = (hashes: number, parsed: number, letters: number, written: number, random: number): Inside => {
  return { hashes, parsed, letters, written, random };
};

/**
 * What one of them costs, whatever the machine. Who makes something cheaper writes the new numbers here; who has to
 * make something dearer says why. `accepting` has the hand-over to the queue in it, `job` goes from the claim to what
 * others are told of DONE, with a look whether anything is blocked. Looks are at a waiting job for the first time, at it
 * again at once, and at a finished one.
 */
const COSTS: Record<typeof DRIVER, Record<Work, Partial<Cost>>> = {
  redis: {
    accepting: { ...servers(2, 2, 1, 1), ...inside(0, 3, 100, 8, 1) },
    job: { ...servers(24, 15, 3, 3), hashes: 3 },
    firstLook: { ...servers(1, 1, 3, 2), ...inside(1, 2, 50, 1, 0) },
    nextLook: { ...servers(0, 0, 1, 1), ...inside(0, 0, 0, 0, 0) },
    finalLook: { ...servers(0, 0), ...inside(0, 0, 0, 0, 0) },
  },
  database: {
    accepting: { ...servers(3, 3), ...inside(0, 3, 100, 9, 1) },
    job: { ...servers(25, 16), hashes: 3 },
    firstLook: { ...servers(1, 1), ...inside(1, 2, 50, 1, 0) },
    nextLook: { ...servers(1, 1), ...inside(0, 0, 0, 0, 0) },
    finalLook: { ...servers(0, 0), ...inside(0, 0, 0, 0, 0) },
  },
};
/** How many less it may be: a job that lasts long, on a busy machine, has its lease looked at. Alone it does not. */
const STRAY: Record<Work, number> = { accepting: 0, job: 2, firstLook: 0, nextLook: 0, finalLook: 0 };
/** Among many, groups form as the machine has it: each job costs no more than this. Alone it is 23 to 25. */
const AMONG_MANY = { redis: { statements: 5, commands: 4 }, database: { statements: 7, commands: 0 } };

describe('what is asked of PostgreSQL and Redis, and done in the process', () => {
  let database: Awaited<ReturnType<typeof cloneDatabase>>;
  let settings: Record<string, string>;
  let db: pg.Pool;
  let api: CountedProgram;
  const found = {} as Record<Work, Cost>;
  let among: Cost;
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  let titles = 0;

  beforeAll(async () => {
    database = await cloneDatabase();
    db = new pg.Pool({ connectionString: database.url, max: 1 });
    settings = {
      DATABASE_URL: database.url,
      QUEUE_CONNECTION: DRIVER,
      ...(DRIVER === 'redis' && { REDIS_URL: process.env.TEST_REDIS_URL!, QUEUE_PREFIX: `trips-${process.pid}` }),
      AUTH_REQUIRED: 'false',
      HOST: '127.0.0.1',
      MAX_UNFINISHED_JOBS: '0',
      AI_SERVICE: 'mock',
      MOCK_LATENCY_MS: String(THINKS_MS),
      LOG_LEVEL: 'warn',
    };
    api = await CountedProgram.start({ ...settings, ROLE: 'api' });
    await measure();
  }, 180_000);

  afterAll(async () => {
    agent.destroy();
    await api?.stop();
    await db.end();
    await database.drop();
  });

  const send = (method: string, path: string, body?: string): Promise<string> =>
    new Promise((answered, failed) => {
      const headers = body === undefined ? {} : { 'content-type': 'application/json' };
      const sent = request(api.url + path, { method, headers, agent }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (some: string) => (text += some));
        response.once('end', () => answered(text));
      });
      sent.once('error', failed).end(body);
    });

  const rowsWhere = async (condition: string): Promise<number> => {
    const { rows } = await db.query<{ n: number }>(`SELECT count(*)::int AS n FROM generation_jobs WHERE ${condition}`);
    return rows[0]!.n;
  };
  const handedOver = () =>
    eventually(async () => (await rowsWhere(`status = 'PENDING' AND dispatched_at IS NULL`)) === 0);
  const done = (within?: number) => eventually(async () => (await rowsWhere(`status <> 'DONE'`)) === 0, within);

  async function submit(): Promise<string> {
    const body = JSON.stringify({ title: `Round Trip ${titles++}`, release_year: 2000 });
    const { job_id } = JSON.parse(await send('POST', '/movies/generate', body)) as { job_id: string };
    return job_id;
  }

  async function accept(): Promise<string> {
    const id = await submit();
    await handedOver();
    return id;
  }

  const look = (id: string) => send('GET', `/jobs/${id}`);

  async function times(work: () => Promise<unknown>): Promise<void> {
    for (let n = 0; n < TIMES; n++) await work();
  }

  async function measure(): Promise<void> {
    // One job after the other.
    const worker = await CountedProgram.start({ ...settings, ROLE: 'worker', WORKER_CONCURRENCY: '1' });
    await Promise.all([api.learn(), worker.learn()]);
    // Code and connections that are needed once.
    await look(await accept());
    await done();
    const one = async () => {
      await accept();
      await done();
    };
    found.job = await worker.cost(TIMES, () => times(one));
    await worker.stop();
    found.accepting = await api.cost(TIMES, () => times(accept));
    const id = await measureLooks();
    const other = await CountedProgram.start({ ...settings, ROLE: 'worker', WORKER_CONCURRENCY: '50' });
    among = await other.learnFrom(worker).cost(BACKLOG, () => done(60_000));
    await other.stop();
    await look(id);
    found.finalLook = await api.cost(TIMES, () => times(() => look(id)));
  }

  /** @returns a job that still waits */
  async function measureLooks(): Promise<string> {
    const ids = await Promise.all(Array.from({ length: BACKLOG }, submit));
    await handedOver();
    const looks = ids.values();
    found.firstLook = await api.cost(TIMES, () => times(() => look(looks.next().value!)));
    const id = ids.at(-1)!;
    await look(id);
    found.nextLook = await api.cost(TIMES, () => times(() => look(id)));
    return id;
  }

  it.each(Object.keys(COSTS[DRIVER]) as Work[])('is what the table of costs says: %s', (work) => {
    const most = COSTS[DRIVER][work];
    for (const [what, bound] of Object.entries(most) as [keyof Cost, number][]) {
      expect([what, found[work][what] <= bound ? bound : found[work][what]]).toEqual([what, bound]);
      expect([what, found[work][what] >= bound - STRAY[work]]).toEqual([what, true]);
    }
  });

  it('is far less for a job among many', () => {
    expect(among.statements).toBeLessThanOrEqual(AMONG_MANY[DRIVER].statements);
    expect(among.commands).toBeLessThanOrEqual(AMONG_MANY[DRIVER].commands);
  });
});
