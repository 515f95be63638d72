import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/run/eventually.js';
import { Random } from '../support/run/random.js';
import { Cluster, type ClusterOptions, type Member } from '../support/machines/cluster.js';

/** Choices of a run; its seed stands in the title of each group, and `SEED=…` repeats it. */
export const random = Random.fromEnvironment();
export const seeded = (title: string) => `${title} (SEED=${random.seed})`;

/** Time for a test that starts processes, breaks something and waits for the last job. */
export const FAULT_TIMEOUT_MS = 150_000;

/**
 * One cluster for the tests of a group; each leaves it whole. Its PostgreSQL is its own: many processes take many
 * connections.
 */
export function clusterFor(options: Partial<ClusterOptions> = {}): () => Cluster {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await Cluster.start({ driver: DRIVER, ...options });
  }, 120_000);
  afterAll(() => cluster?.stop(), 60_000);
  return () => cluster;
}

let run = 0;

/**
 * Clients submit and poll for some seconds while `fault` happens after about a third of the time.
 * @returns the ids accepted meanwhile
 */
export async function underLoad(
  cluster: Cluster,
  fault: () => Promise<unknown>,
  { rate = 20, seconds = 3 } = {},
): Promise<string[]> {
  const before = cluster.load.accepted.size;
  const tag = `Run ${++run} of ${process.pid}`;
  let over = false;
  const fresh = () => [...cluster.load.accepted.keys()].slice(before, before + 40);
  const watching = cluster.load.watch(fresh, () => over);
  try {
    const load = cluster.load.run(rate, seconds, (n) => [
      `${tag} Film ${n}.`,
      n % 5 === 0 ? 'people' : 'movies',
      cluster.webhook(n),
    ]);
    // Some time into the load, chosen by the seed.
    await sleep(seconds * 1000 * (0.2 + 0.3 * random.next()));
    await fault();
    await load;
  } finally {
    over = true;
    await watching;
  }
  const accepted = [...cluster.load.accepted.keys()].slice(before);
  if (accepted.length < seconds || cluster.load.observed.size === 0) throw new Error('there was no load to speak of');
  return accepted;
}

/** The worker that runs the job of `subject`, once its `call`-th model call is under way. */
export async function workerAt(cluster: Cluster, subject: string, call = 1): Promise<Member> {
  await eventually(async () => (cluster.model.counts.get(subject) ?? 0) >= call, 40_000);
  const [row] = await cluster.rows<{ worker: string }>(
    `SELECT worker FROM generation_jobs WHERE request ->> 'subject' = $1`,
    [subject],
  );
  const pid = Number(row!.worker.split(':').at(-1));
  return cluster.workers.find(({ program }) => program.child.pid === pid)!;
}

export interface Outcome {
  status: string;
  attempts: number;
  crashes: number;
  error: { type: string } | null;
}

/** How the job of `subject` stands in the ledger. */
export async function outcomeOf(cluster: Cluster, subject: string): Promise<Outcome> {
  const [row] = await cluster.rows<Outcome>(
    `SELECT status, attempts, crashes, error FROM generation_jobs WHERE request ->> 'subject' = $1`,
    [subject],
  );
  return row!;
}

/** Waits until a model is held. */
export const heldBy = (cluster: Cluster, model = '%') =>
  eventually(async () => {
    const held = 'SELECT 1 FROM model_breakers WHERE opened_at IS NOT NULL AND model LIKE $1';
    return (await cluster.rows(held, [model])).length > 0;
  }, 40_000);

/** As if the time of the next probe had come, which is half a minute away at first. */
export const bringProbe = (cluster: Cluster) =>
  cluster.rows('UPDATE model_breakers SET next_probe_at = now() WHERE opened_at IS NOT NULL');

/** How many of the jobs ended in each way, and the most tries that one took. */
export async function endsOf(cluster: Cluster, ids: string[]) {
  const rows = await cluster.rows<{ status: string; jobs: number; tries: number }>(
    `SELECT status, count(*)::int AS jobs, max(attempts)::int AS tries FROM generation_jobs WHERE id = ANY($1::uuid[])
     GROUP BY status`,
    [ids],
  );
  return { statuses: rows.map(({ status }) => status), tries: Math.max(...rows.map(({ tries }) => tries)) };
}
