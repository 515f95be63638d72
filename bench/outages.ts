/**
 * How long fifty jobs take, from the first request to the last result, when something dies while they run. The
 * settings are those as shipped (leases of 30 s), and the model takes a second. Prints seconds, in the order of
 * docs/durability.md. Asserts nothing.
 *
 *   npm run bench:outages -- redis
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster, type Member } from '../test/support/machines/cluster.ts';

const driver = process.argv[2] === 'database' ? 'database' : 'redis';
const JOBS = 50;
const DOWN_MS = 2000;
const WITHIN_MS = 300_000;

type Outage = (cluster: Cluster) => Promise<unknown>;

const redisDown =
  (meanwhile: (cluster: Cluster) => unknown = () => undefined): Outage =>
  async (cluster) => {
    await cluster.redis!.kill();
    await meanwhile(cluster);
    await sleep(DOWN_MS);
    await cluster.redis!.start();
  };

const everyMember = async (cluster: Cluster, act: (member: Member) => Promise<unknown>) =>
  Promise.all(cluster.members.slice().map(act));

const ON_REDIS: Record<string, Outage> = {
  'Redis is killed and restarts': redisDown(),
  'Redis loses its volume': redisDown(({ redis }) => redis!.wipe()),
  'Redis loses the tail of its file': redisDown(({ redis }) => redis!.cutTail(0.5)),
  'a worker is told to stop, Redis being away': redisDown(async (cluster) => {
    const started = performance.now();
    await cluster.end(cluster.workers[0]!, 'SIGTERM');
    console.log(`  (it ended after ${((performance.now() - started) / 1000).toFixed(1)} s)`);
    await cluster.add('worker');
  }),
};

const ON_BOTH: Record<string, Outage> = {
  nothing: async () => undefined,
  'the queue is emptied': (cluster) => cluster.wipeQueue(),
  'a worker is killed': (cluster) => cluster.replace(cluster.workers[0]!, 'SIGKILL'),
  'a worker is told to stop': async (cluster) => {
    const started = performance.now();
    await cluster.end(cluster.workers[0]!, 'SIGTERM');
    console.log(`  (it ended after ${((performance.now() - started) / 1000).toFixed(1)} s)`);
    await cluster.add('worker');
  },
  'PostgreSQL crashes and restarts': async ({ postgres }) => {
    await postgres.stopImmediately();
    await sleep(DOWN_MS);
    await postgres.startAgain();
  },
  'PostgreSQL is away for 40 s': async ({ postgres }) => {
    await postgres.stopImmediately();
    await sleep(40_000);
    await postgres.startAgain();
  },
  'the whole host restarts': async (cluster) => {
    await everyMember(cluster, (member) => cluster.end(member, 'SIGKILL'));
    await Promise.all([cluster.postgres.stopImmediately(), cluster.redis?.kill()]);
    await sleep(DOWN_MS);
    await Promise.all([cluster.postgres.startAgain(), cluster.redis?.start()]);
    await Promise.all([cluster.add('api'), cluster.add('worker'), cluster.add('worker')]);
  },
};

for (const [what, happens] of Object.entries(driver === 'redis' ? { ...ON_BOTH, ...ON_REDIS } : ON_BOTH)) {
  const cluster = await Cluster.start({
    driver,
    workers: 2,
    settings: { JOB_LEASE_MS: '30000', WORKER_CONCURRENCY: '10', GENERATION_BACKOFF_MS: '20000' },
  });
  try {
    cluster.model.otherwise({ kind: 'answer', delayMs: 1000 });
    const started = performance.now();
    await Promise.all(Array.from({ length: JOBS }, (_, n) => cluster.load.submit(`Outage ${n}.`)));
    await sleep(500);
    await happens(cluster);
    const settled = await cluster.settled(WITHIN_MS);
    const [{ crashes } = { crashes: 0 }] = await cluster.rows<{ crashes: number }>(
      'SELECT sum(crashes)::int AS crashes FROM generation_jobs',
    );
    const wrong = (await cluster.breaches()).length;
    const seconds = settled === null ? 'NOT DONE' : `${((performance.now() - started) / 1000).toFixed(1)} s`;
    console.log(`${what.padEnd(44)} ${seconds.padStart(8)}   crashes ${crashes}, breaches ${wrong}`);
  } finally {
    await cluster.stop();
  }
}
