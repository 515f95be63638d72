import { setTimeout as sleep } from 'node:timers/promises';
import { clusterFor, FAULT_TIMEOUT_MS, random, seeded, underLoad } from './faults.js';

describe(seeded('PostgreSQL stops'), () => {
  const cluster = clusterFor({ workers: 2 });

  /** The model answers well, so whatever counts as a second try was the database's fault. */
  const expectOneTryEach = async () => {
    expect(await cluster().verdict()).toEqual([]);
    expect(await cluster().rows('SELECT max(attempts)::int AS most FROM generation_jobs')).toEqual([{ most: 1 }]);
  };

  it(
    'fault 15: PostgreSQL is stopped immediately for some seconds under load; POST says 503, no process dies, no try is lost',
    async () => {
      cluster().model.otherwise({ kind: 'answer', delayMs: 200 });
      await underLoad(
        cluster(),
        async () => {
          await cluster().postgres.stopImmediately();
          await sleep(random.between(1500, 3000));
          await cluster().postgres.startAgain();
        },
        { seconds: 7 },
      );
      expect(cluster().load.answers[503]).toBeGreaterThan(0);
      await expectOneTryEach();
    },
    FAULT_TIMEOUT_MS,
  );

  it(
    'fault 15: connections to PostgreSQL die at random moments, at COMMIT too',
    async () => {
      await underLoad(
        cluster(),
        async () => {
          for (let n = 0; n < 8; n++) {
            cluster().postgresWire.set({ kind: 'dropReplies' });
            await sleep(random.between(5, 150));
            cluster().postgresWire.set({ kind: 'pass' });
            await sleep(random.between(50, 400));
          }
        },
        { seconds: 5 },
      );
      expect(cluster().postgresWire.dropped).toBeGreaterThan(0);
      await expectOneTryEach();
    },
    FAULT_TIMEOUT_MS,
  );
});
