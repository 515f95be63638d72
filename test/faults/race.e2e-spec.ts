import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { clusterFor, FAULT_TIMEOUT_MS, random, seeded } from './faults.js';

const RACES = 1000;
/** Clients at a time: each submits, cancels and looks once. */
const CLIENTS = 40;
/** The model thinks for at most so long, and a cancellation comes up to twice as late after the call began, milliseconds. */
const THINKS_MS = 100;

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
      model.keepCalls = false;
      model.otherwise(() => ({ kind: 'answer', delayMs: random.between(0, THINKS_MS) }));
      const told = new Map<string, string>();
      const race = async (n: number) => {
        const title = `Race ${n}.`;
        const accepted = await load.submit(title);
        const id = accepted!.body.job_id;
        // Every tenth is cancelled while it waits or begins, the others from the start of the call on.
        if (n % 10 > 0) await eventually(async () => model.counts.has(title), 30_000);
        await sleep(random.between(0, 2 * THINKS_MS));
        const answer = await load.cancel(id);
        told.set(id, answer!.status === 409 ? 'DONE' : answer!.body.status);
        await load.poll(id);
      };
      let next = 0;
      const client = async () => {
        while (next < RACES) await race(next++);
      };
      await Promise.all(Array.from({ length: CLIENTS }, client));
      const first = await states();
      expect(new Map(first.map(({ id, status }) => [id, status]))).toEqual(told);
      expect([...new Set(told.values())].sort()).toEqual(['CANCELLED', 'DONE']);
      expect(told.size).toBe(RACES);
      await sleep(1500); // every answer of the model has come by now
      expect(await states()).toEqual(first);
      expect(await cluster().verdict()).toEqual([]);
    },
    FAULT_TIMEOUT_MS,
  );
});
