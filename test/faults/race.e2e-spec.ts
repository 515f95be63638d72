import { setTimeout as sleep } from 'node:timers/promises';
import { fromNow, insertJobs } from '../support/ledger/insert-job.js';
import { eventually } from '../support/run/eventually.js';
import { clusterFor, random, seeded } from './faults.js';

const RACES = 1000;
/** Every tenth is cancelled while it waits or begins; the others from the start of the model call on. */
const EARLY = 10;
/** The model thinks for at most so long, milliseconds. */
const THINKS_MS = 100;
/** A cancellation comes at random up to so late after the call began at first, milliseconds. */
const LATEST_MS = 200;
/**
 * By how much later the next may come after a cancellation that won, and earlier after one that lost: both sides stay
 * even.
 */
const LEARNS = 1.02;
const TIMEOUT_MS = 240_000;

describe(seeded('cancel against finish'), () => {
  const cluster = clusterFor({ apis: 2, workers: 2, settings: { WORKER_CONCURRENCY: '32' } });

  const states = () =>
    cluster().rows<{ id: string; status: string; revision: number }>(
      'SELECT id, status, revision, finished_at FROM generation_jobs ORDER BY id',
    );

  it(
    'fault 18: a thousand jobs are cancelled as they finish; each has one winner, which is what the client was told, and it never changes',
    async () => {
      const { load, model } = cluster();
      const told = new Map<string, string>();
      let latest = LATEST_MS;
      const cancel = async (id: string) => {
        await sleep(random.next() * latest); // sooner or later than the job finishes
        const { status, body } = (await load.cancel(id))!;
        told.set(id, status === 409 ? 'DONE' : body.status);
        latest = status === 409 ? latest / LEARNS : Math.min(latest * LEARNS, 10_000);
      };
      const ids = new Map<string, string>();
      model.keepCalls = false;
      model.otherwise((title) => {
        if (Number(/\d+/.exec(title)) % EARLY > 0) void cancel(ids.get(title)!);
        // Without people in common, whose rows the transactions would wait for.
        return { kind: 'answer', delayMs: random.between(0, THINKS_MS), output: { cast: [], directors: [] } };
      });
      const titles = Array.from({ length: RACES }, (_, n) => `Race ${n + 1}.`);
      const run_at = fromNow(1);
      const inserted = await insertJobs(
        cluster().db,
        titles.map((title) => ({ title, year: null, run_at })),
      );
      for (const [n, id] of inserted.entries()) ids.set(titles[n]!, id);
      for (let n = EARLY; n <= RACES; n += EARLY) void sleep(n).then(() => cancel(inserted[n - 1]!));
      await eventually(async () => told.size === RACES, TIMEOUT_MS - 60_000);

      const first = await states();
      expect(new Map(first.map(({ id, status }) => [id, status]))).toEqual(told);
      const won = (state: string) => [...told.values()].filter((status) => status === state).length;
      expect(Math.min(won('CANCELLED'), won('DONE'))).toBeGreaterThan(RACES / 10);
      expect(won('CANCELLED') + won('DONE')).toBe(RACES);
      await sleep(1500); // every answer of the model has come by now
      expect(await states()).toEqual(first);
      for (const id of told.keys()) load.accepted.set(id, ''); // looked at over HTTP as well, a sample of them
      expect(await cluster().verdict()).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
