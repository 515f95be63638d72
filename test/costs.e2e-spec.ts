import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from './support/run/eventually.js';
import { attacksOn, fill, HOSTILE, many } from './support/document/attacks.js';
import { type Documentation, Documented, examplesOf, type Operation } from './support/document/documented.js';
import { Program } from './support/server/process.js';
import { cloneDatabase } from './support/server/server.js';
import { bearer } from './support/client/keys.js';

const TOKEN = 'a-long-enough-admin-token';
/**
 * The whole process may stand still for so long, milliseconds. A request takes less than 100; this machine may be
 * busy.
 */
const BOUND_MS = 1000;
/** Between two looks, milliseconds. They shall cost little themselves. */
const LOOK_MS = 20;
/** A measurement that something else disturbed is made again. */
const TRIES = 5;
const KIB = 1024;

/** What is sent, by its name. @returns the status of the answer */
type Attack = [name: string, work: () => Promise<number>];

/** One process, looked at from outside: how long does it keep everybody else waiting? */
describe('what a request costs', () => {
  let database: Awaited<ReturnType<typeof cloneDatabase>>;
  let program: Program;
  let url: string;
  let api: Documented;
  const agent = new Agent({ keepAlive: true });

  beforeAll(async () => {
    database = await cloneDatabase();
    program = new Program({
      DATABASE_URL: database.url,
      QUEUE_CONNECTION: 'database',
      ROLE: 'api',
      AUTH_REQUIRED: 'false',
      ADMIN_TOKEN: TOKEN,
      LOG_LEVEL: 'silent',
    });
    url = await program.ready();
    api = new Documented((await (await fetch(`${url}/openapi.json`)).json()) as Documentation);
  }, 90_000);

  afterAll(async () => {
    agent.destroy();
    await program.end('SIGTERM');
    await database.drop();
  });

  const send = (method: string, path: string, body?: string, more: Record<string, string> = {}): Promise<number> =>
    new Promise((answered, failed) => {
      const json = body !== undefined && { 'content-type': 'application/json' };
      const headers = { ...bearer(TOKEN), ...json, ...more };
      const sent = request(url + path, { method, headers, agent }, (response) => {
        response.resume().once('end', () => answered(response.statusCode!));
      });
      sent.once('error', failed).end(body);
    });

  /** The longest that a look at the process' health took meanwhile, milliseconds. */
  async function standstill<T>(work: () => Promise<T>): Promise<[T, ms: number]> {
    let worst = 0;
    const over = new AbortController();
    const probing = (async () => {
      while (!over.signal.aborted) {
        const began = performance.now();
        await send('GET', '/health/live');
        worst = Math.max(worst, performance.now() - began);
        await sleep(LOOK_MS);
      }
    })();
    await eventually(async () => worst > 0);
    const result = await work().finally(() => over.abort());
    await probing;
    return [result, Math.round(worst)];
  }

  /** Sends all of them, one after the other; where that kept others waiting, each alone says whether it was it. */
  async function expectCheap(attacks: Attack[]): Promise<void> {
    const statuses: [string, number][] = [];
    const [, worst] = await standstill(async () => {
      for (const [name, work] of attacks) statuses.push([name, await work()]);
    });
    for (const [name, status] of statuses)
      expect([name, status < 500 ? 'answered' : status]).toEqual([name, 'answered']);
    if (worst >= BOUND_MS) for (const attack of attacks) await expectCheapAlone(attack);
  }

  async function expectCheapAlone([name, work]: Attack): Promise<void> {
    let best = Infinity;
    for (let n = 0; n < TRIES && best >= BOUND_MS; n++) [, best] = await standstill(work);
    expect([name, best < BOUND_MS ? 'cheap' : `${best} ms`]).toEqual([name, 'cheap']);
  }

  const pathOf = ({ path, parameters }: Operation) =>
    path.replace(/{(\w+)}/g, (_, wanted: string) =>
      encodeURIComponent(String(parameters.find(({ name }) => name === wanted)!.schema.example)),
    );

  const BATCH = /batch$/;

  it('is little for the worst of bodies, whatever the route', async () => {
    const taking = api.operations.filter(({ requestBody }) => requestBody);
    expect(taking.length).toBeGreaterThan(4);
    for (const operation of taking) {
      const { schema } = operation.requestBody!.content['application/json'];
      const limit = BATCH.test(operation.path) ? 1024 * KIB : 64 * KIB;
      const attacks = attacksOn(api, schema, limit).map(([name, body]): Attack => [
        `${operation.operationId}, ${name}`,
        () => send('POST', pathOf(operation), body),
      ]);
      await expectCheap(attacks);
    }
  }, 300_000);

  it('is little for the largest batch that is taken', async () => {
    for (const operation of api.operations.filter(({ path }) => BATCH.test(path))) {
      const [example] = examplesOf(operation.requestBody!.content['application/json']) as [{ items: object[] }];
      const attacks = Object.entries(HOSTILE).map(([kind, text]): Attack => {
        const items = many(500, (n) => ({
          ...example.items[0],
          title: undefined,
          name: undefined,
          n: undefined,
          ...named(operation, `${n} ${fill(text, 190)}`),
        }));
        return [`${operation.operationId}, ${kind}`, () => send('POST', operation.path, JSON.stringify({ items }))];
      });
      await expectCheap(attacks);
    }
  }, 300_000);

  const named = ({ path }: Operation, text: string) => ({ [path.startsWith('/movies') ? 'title' : 'name']: text });

  it('is little for the worst of queries, whatever the route', async () => {
    for (const operation of api.operations.filter(({ method }) => method === 'GET')) {
      if (operation.operationId === 'streamJobEvents') continue;
      const names = operation.parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
      const queries = [
        many(2500, (n) => `k${n}`).join('&'),
        many(1200, (n) => `k${n}=${n}`).join('&'),
        '&'.repeat(14_000),
        ...names.flatMap((name) => [
          many(Math.floor(14_000 / (name.length + 3)), (n) => `${name}=${n % 10}`).join('&'),
          ...Object.values(HOSTILE).flatMap((text) => [
            `${name}=${encodeURIComponent(fill(text, 200))}`,
            `${name}=${encodeURIComponent(fill(text, 1500))}`.slice(0, 14_000),
          ]),
        ]),
      ];
      const attacks = queries.map((query): Attack => [
        `${operation.operationId}?${query.slice(0, 60)}`,
        () => send('GET', `${pathOf(operation)}?${query.replace(/%[\dA-F]?$/, '')}`),
      ]);
      await expectCheap(attacks);
    }
  }, 300_000);

  it('is little for the worst of headers', async () => {
    const names = [
      'prefer',
      'if-none-match',
      'idempotency-key',
      'traceparent',
      'authorization',
      'x-request-id',
      'content-type',
    ];
    const texts = ['"', '",', 'wait=', ' ', '"\\\\', 'W/"', 'Bearer ', '0-', ';charset="'];
    const { path } = api.operation('generateMovie');
    for (const name of names)
      await expectCheap(
        texts.flatMap((text): Attack[] => {
          const more = { [name]: `${fill(text, 7000)}${fill('x', 7000)}` };
          return [
            [`POST, ${name}: ${text}`, () => send('POST', path, '{"title":"Heat"}', more)],
            [`GET, ${name}: ${text}`, () => send('GET', '/movies', undefined, more)],
          ];
        }),
      );
  }, 120_000);
});
