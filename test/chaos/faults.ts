import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster, Member } from '../support/machines/cluster.ts';
import type { ProxyMode } from '../support/machines/proxy.ts';
import { Random } from '../support/run/random.ts';
import { setBack } from '../support/ledger/set-back.ts';
import type { Behaviour } from '../support/model/stub-model.ts';

type Driver = 'redis' | 'database';

/** One thing that happens for about `lastMs`, which it sleeps, choosing by `random`. Returns when it is over. */
type Fault = (cluster: Cluster, lastMs: number, random: Random) => Promise<unknown>;

const redisDown =
  (meanwhile: (cluster: Cluster, random: Random) => unknown = () => undefined): Fault =>
  async (cluster, lastMs, random) => {
    await cluster.redis!.kill();
    meanwhile(cluster, random);
    await sleep(lastMs);
    await cluster.redis!.start();
  };

const wire =
  (which: 'redisWire' | 'postgresWire', mode: (random: Random) => ProxyMode): Fault =>
  async (cluster, lastMs, random) => {
    cluster[which]!.set(mode(random));
    await sleep(lastMs);
    cluster[which]!.set({ kind: 'pass' });
  };

const replace =
  (role: Member['role'], signal: NodeJS.Signals): Fault =>
  (cluster, _, random) =>
    cluster.replace(random.pick(role === 'api' ? cluster.apis : cluster.workers), signal);

const MOODS: Behaviour[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
  { kind: 'status', status: 400 },
  { kind: 'cut' },
  { kind: 'refuse' },
  { kind: 'content', content: '{"found": true, "title": "Half' },
];

const ON_REDIS: Record<string, Fault> = {
  'redis killed': redisDown(),
  'redis wiped': redisDown(({ redis }) => redis!.wipe()),
  'redis tail cut': redisDown(({ redis }, random) => redis!.cutTail(random.next() * 0.5)),
  'redis hangs': async ({ redis }, lastMs) => {
    redis!.freeze();
    await sleep(lastMs);
    redis!.thaw();
  },
  'redis full': async ({ redis }, lastMs) => {
    const limit = (bytes: string) => redis!.ask((client) => client.config('SET', 'maxmemory', bytes));
    await limit('1');
    await sleep(lastMs);
    await limit('0');
  },
  'redis unreachable': wire('redisWire', () => ({ kind: 'cut' })),
  'redis black hole': wire('redisWire', () => ({ kind: 'blackHole' })),
  'redis replies lost': wire('redisWire', () => ({ kind: 'dropReplies' })),
  'redis slow': wire('redisWire', (random) => ({ kind: 'delay', ms: random.between(20, 200) })),
};

const ON_BOTH: Record<string, Fault> = {
  'queue emptied': (cluster) => cluster.wipeQueue(),
  'api killed': replace('api', 'SIGKILL'),
  'api redeployed': replace('api', 'SIGTERM'),
  'worker killed': replace('worker', 'SIGKILL'),
  'worker redeployed': replace('worker', 'SIGTERM'),
  'worker stands still': async (cluster, lastMs, random) => {
    const worker = random.pick(cluster.workers);
    cluster.freeze(worker);
    await sleep(2 * lastMs); // often past its lease
    cluster.thaw(worker);
  },
  'postgres stopped': async ({ postgres }, lastMs) => {
    await postgres.stopImmediately();
    await sleep(lastMs);
    await postgres.startAgain();
  },
  'postgres unreachable': wire('postgresWire', () => ({ kind: 'cut' })),
  'postgres replies lost': wire('postgresWire', () => ({ kind: 'dropReplies' })),
  // When a job was made and a film changed stays: the report measures by it, and there are many.
  'postgres clock set back': ({ db }, _, random) => setBack(db, random.between(5, 120), ['created_at', 'updated_at']),
  'model key revoked': async ({ model, db }, lastMs) => {
    const usual = model.fallback;
    model.otherwise({ kind: 'status', status: 401 });
    await sleep(lastMs);
    model.otherwise(usual);
    await db
      .query('UPDATE model_breakers SET next_probe_at = now() WHERE opened_at IS NOT NULL')
      .catch(() => undefined);
  },
  'breakers lost': async ({ db }) => void (await db.query('DELETE FROM model_breakers').catch(() => undefined)),
  'model misbehaves': async ({ model }, lastMs, random) => {
    const usual = model.fallback;
    model.otherwise((...call) => (random.next() < 0.5 ? random.pick(MOODS) : usual(...call)));
    await sleep(lastMs);
    model.otherwise(usual);
  },
};

const faultsOf = (driver: Driver): Record<string, Fault> =>
  driver === 'redis' ? { ...ON_BOTH, ...ON_REDIS } : ON_BOTH;

export interface Planned {
  atMs: number;
  kind: string;
  lastMs: number;
  /** What the fault itself chooses with. */
  seed: number;
}

/** Quiet at the beginning, so that everything is warm, and at the end. */
const QUIET_MS = 4000;

/** The same seed gives the same schedule; nothing else goes into it but the driver and the length. */
export function scheduleOf(seed: number, driver: Driver, totalMs: number): Planned[] {
  const random = new Random(seed);
  const kinds = Object.keys(faultsOf(driver));
  const schedule: Planned[] = [];
  let left: string[] = [];
  for (let atMs = QUIET_MS; atMs < totalMs - QUIET_MS; atMs += random.between(4000, 12_000)) {
    // Each kind once before any comes again.
    if (left.length === 0) left = kinds.slice();
    const [kind] = left.splice(random.between(0, left.length - 1), 1);
    schedule.push({ atMs, kind: kind!, lastMs: random.between(300, 3500), seed: random.between(1, 1_000_000) });
  }
  return schedule;
}

export async function commit(planned: Planned, cluster: Cluster, driver: Driver): Promise<void> {
  await faultsOf(driver)[planned.kind]!(cluster, planned.lastMs, new Random(planned.seed));
}
