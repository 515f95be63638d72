import { eventually } from '../support/run/eventually.js';
import { onRedis } from '../support/run/on-driver.js';
import { clusterFor, FAULT_TIMEOUT_MS, random, seeded, underLoad } from './faults.js';

describe(seeded('the queue loses its jobs'), () => {
  const cluster = clusterFor({ workers: 2 });

  /** Slow enough that jobs wait in the queue when the fault comes. */
  const whileJobsWait = async (fault: () => Promise<unknown>) => {
    cluster().model.otherwise({ kind: 'answer', delayMs: 800 });
    try {
      await underLoad(cluster(), fault);
    } finally {
      cluster().model.otherwise({ kind: 'answer' });
    }
  };

  it(
    'fault 4: the queue is emptied (FLUSHALL, TRUNCATE) with jobs waiting and running',
    async () => {
      await whileJobsWait(() => cluster().wipeQueue());
      expect(await cluster().verdict()).toEqual([]);
    },
    FAULT_TIMEOUT_MS,
  );

  onRedis(
    'fault 4: Redis loses its data folder with jobs waiting and running',
    async () => {
      await whileJobsWait(async () => {
        await cluster().redis!.kill();
        cluster().redis!.wipe();
        await cluster().redis!.start();
      });
      expect(await cluster().verdict()).toEqual([]);
    },
    FAULT_TIMEOUT_MS,
  );

  onRedis(
    'fault 2: the tail of the append-only file is gone after the restart',
    async () => {
      await whileJobsWait(async () => {
        await cluster().redis!.kill();
        expect(cluster().redis!.cutTail(0.1 + 0.8 * random.next())).toBeGreaterThan(0);
        await cluster().redis!.start();
      });
      expect(await cluster().verdict()).toEqual([]);
    },
    FAULT_TIMEOUT_MS,
  );

  onRedis(
    'fault 3: the append-only file is damaged in the middle; where the start is refused an operator wipes it',
    async () => {
      await whileJobsWait(async () => {
        await cluster().redis!.kill();
        cluster().redis!.scribble(0.2 + 0.5 * random.next(), 4096);
        // Refused as a rule; damage that reads like a length beyond the end passes for a cut tail, and the rest is
        // dropped.
        const refused = await cluster()
          .redis!.start()
          .then(
            () => false,
            () => true,
          );
        if (!refused) return;
        cluster().redis!.wipe();
        await cluster().redis!.start();
      });
      expect(await cluster().verdict()).toEqual([]);
    },
    FAULT_TIMEOUT_MS,
  );

  onRedis(
    'fault 3: payloads in the append-only file are damaged: ids of other jobs, and of none',
    async () => {
      await whileJobsWait(async () => {
        await cluster().redis!.kill();
        const ids: string[] = [];
        cluster().redis!.replaceInPayloads(/"job_id":"[0-9a-f-]{36}"/g, (found) => (ids.push(found), found));
        let n = 0;
        cluster().redis!.replaceInPayloads(/"job_id":"[0-9a-f-]{36}"/g, (found) =>
          ++n % 3 === 0 ? found.replace(/"$/, '').slice(0, -4) + 'ffff"' : ids[n % ids.length]!,
        );
        expect(n).toBeGreaterThan(0);
        await cluster().redis!.start();
      });
      expect(await cluster().verdict()).toEqual([]);
    },
    FAULT_TIMEOUT_MS,
  );

  onRedis(
    'fault 19: the status cache is wiped and holds lies, and polls tell the truth within a second',
    async () => {
      const accepted = await underLoad(cluster(), async () => {
        await cluster().redis!.ask(async (client) => {
          const keys = await client.keys(`${cluster().settings.QUEUE_PREFIX}:job:*`);
          if (keys.length > 0) await client.del(keys);
        });
      });
      expect(await cluster().verdict()).toEqual([]);
      const id = accepted.at(-1)!;
      // What a writer that was slow to say so leaves behind: an older revision, written last.
      await cluster().redis!.ask(async (client) => {
        const key = `${cluster().settings.QUEUE_PREFIX}:job:${id}`;
        const kept = (await client.get(key))!;
        await client.set(key, kept.replace(/^\d+/, '1').replace('"DONE"', '"IN_PROGRESS"'), 'EX', 900);
      });
      // Until it is not believed any more.
      await eventually(async () => (await cluster().load.poll(id))?.status === 'DONE');
    },
    FAULT_TIMEOUT_MS,
  );
});
