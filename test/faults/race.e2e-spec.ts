import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { clusterFor, random, seeded } from './faults.js';

const RACES = 1000;
/** Every tenth is cancelled while it waits or begins; the others from the start of the model call on. */
const EARLY = 10;
/** The model thinks for at most so long, and a cancellation comes up to twice as late after the call began, milliseconds. */
const THINKS_MS = 100;
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
      const cancel = async (id: string) => {
        await sleep(random.between(0, 2 * THINKS_MS));
        const answer = await load.cancel(id);
        told.set(id, answer!.status === 409 ? 'DONE' : answer!.body.status);
      };
      const ids = new Map<string, string>();
      model.keepCalls = false;
      model.otherwise((title) => {
        if (Number(/\d+/.exec(title)) % EARLY > 0) void cancel(ids.get(title)!);
        return { kind: 'answer', delayMs: random.between(0, THINKS_MS) };
      });
      const rows = await cluster().rows<{ id: string; n: number }>(
        `INSERT INTO generation_jobs (id, entity, requested_slug, locale, context_tag, request, max_attempts, request_id, run_at)
         SELECT gen_random_uuid(), 'MOVIE', 'race-' || n, 'en-US', 'DEFAULT',
           jsonb_build_object('subject', 'Race ' || n || '.', 'year', null), 3, 'test', now() + interval '1 second'
         FROM generate_series(1, $1::int) AS n RETURNING id, substr(requested_slug, 6)::int AS n`,
        [RACES],
      );
      for (const { id, n } of rows) ids.set(`Race ${n}.`, id);
      for (const { id, n } of rows.filter(({ n }) => n % EARLY === 0)) void sleep(n).then(() => cancel(id));
      await eventually(async () => told.size === RACES, TIMEOUT_MS - 60_000);

      const first = await states();
      expect(new Map(first.map(({ id, status }) => [id, status]))).toEqual(told);
      expect([...new Set(told.values())].sort()).toEqual(['CANCELLED', 'DONE']);
      await sleep(1500); // every answer of the model has come by now
      expect(await states()).toEqual(first);
      for (const id of told.keys()) load.accepted.set(id, ''); // looked at over HTTP as well, a sample of them
      expect(await cluster().verdict()).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
