import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../support/client/load.js';
import { onRedis } from '../support/run/on-driver.js';
import { Cluster } from '../support/machines/cluster.js';
import { clusterFor, FAULT_TIMEOUT_MS, outcomeOf, random, seeded, underLoad, workerAt } from './faults.js';
import { SentinelSet } from '../support/machines/sentinel.js';

/**
 * Redis hangs for four seconds. Without bounds of its own an answer would wait for the rest of them; with, for none.
 */
const HANG_MS = 2500;
/** A stop that waited for Redis would take 12 s, when the process ends whatever is left. */
const STOP_MS = 10_000;

describe(seeded('the queue is away'), () => {
  const cluster = clusterFor({ workers: 2, redisAbsent: true });

  onRedis(
    'fault 5: API and worker start without Redis, accept and answer, and run the jobs when it comes',
    async () => {
      const accepted = await underLoad(cluster(), async () => undefined, { seconds: 2 });
      expect(cluster().load.answers).toEqual({ 202: accepted.length });
      expect(await cluster().unfinished()).toBe(accepted.length);
      expect(cluster().load.observed.size).toBeGreaterThan(0);
      await cluster().redis!.start();
      expect(await cluster().verdict()).toEqual([]);
    },
    FAULT_TIMEOUT_MS,
  );

  onRedis(
    'fault 1: Redis is killed under load and restarted',
    async () => {
      const accepted = await underLoad(cluster(), async () => {
        await cluster().redis!.kill();
        await sleep(random.between(50, 1000)); // the outage
        await cluster().redis!.start();
      });
      expect(accepted.length).toBeGreaterThan(50);
      expect(await cluster().verdict()).toEqual([]);
    },
    FAULT_TIMEOUT_MS,
  );

  onRedis(
    'fault 14: a worker is told to stop while Redis is killed, and while it hangs; it hands its jobs back and ends all the same',
    async () => {
      const redis = cluster().redis!;
      for (const [title, away, back] of [
        ['Stopped Without Redis.', () => redis.kill(), () => redis.start()],
        ['Stopped Beside A Hanging Redis.', async () => redis.freeze(), async () => redis.thaw()],
      ] as const) {
        cluster().model.script(title, { kind: 'hang' });
        await cluster().load.submit(title);
        const victim = await workerAt(cluster(), title);
        await away();
        try {
          // The longest that it may take.
          const code = await Promise.race([cluster().end(victim, 'SIGTERM'), sleep(STOP_MS, 'too late')]);
          expect(code).toBe(0);
          expect(await outcomeOf(cluster(), title)).toMatchObject({ status: 'PENDING', attempts: 0, crashes: 0 });
        } finally {
          await back();
          await cluster().add('worker');
        }
      }
      expect(await cluster().verdict()).toEqual([]);
    },
    FAULT_TIMEOUT_MS,
  );

  onRedis(
    'fault 6: Redis hangs, and requests and polls are answered all the same',
    async () => {
      const [posts, polls] = [cluster().load.times.length, cluster().load.pollTimes.length];
      await underLoad(
        cluster(),
        async () => {
          cluster().redis!.freeze();
          await sleep(3000); // the outage
        },
        { seconds: 4 },
      );
      cluster().redis!.thaw();
      expect(percentile(cluster().load.times.slice(posts), 0.99)).toBeLessThan(HANG_MS);
      expect(percentile(cluster().load.pollTimes.slice(polls), 0.99)).toBeLessThan(HANG_MS);
      expect(await cluster().verdict()).toEqual([]);
    },
    FAULT_TIMEOUT_MS,
  );

  onRedis(
    'fault 6: the network to Redis swallows everything, connections half open',
    async () => {
      const posts = cluster().load.times.length;
      await underLoad(
        cluster(),
        async () => {
          cluster().redisWire!.set({ kind: 'blackHole' });
          await sleep(2500); // the outage
        },
        { seconds: 4 },
      );
      cluster().redisWire!.set({ kind: 'pass' });
      expect(percentile(cluster().load.times.slice(posts), 0.99)).toBeLessThan(HANG_MS);
      expect(await cluster().verdict()).toEqual([]);
    },
    FAULT_TIMEOUT_MS,
  );

  onRedis(
    'fault 7: Redis is full; jobs are accepted, and dispatched when there is room',
    async () => {
      const accepted = await underLoad(cluster(), async () => {
        await cluster().redis!.ask((client) => client.config('SET', 'maxmemory', '1'));
        await sleep(1500); // the outage
      });
      const waiting = await cluster().unfinished();
      await cluster().redis!.ask((client) => client.config('SET', 'maxmemory', '0'));
      expect(accepted.length).toBeGreaterThan(50);
      expect(waiting).toBeGreaterThan(0);
      expect(await cluster().verdict()).toEqual([]);
    },
    FAULT_TIMEOUT_MS,
  );

  it(
    'fault 9: the reply to an add is lost after it was applied',
    async () => {
      const wire = cluster().redisWire ?? cluster().postgresWire;
      const before = wire.dropped;
      await underLoad(cluster(), async () => {
        for (let n = 0; n < 5; n++) {
          wire.set({ kind: 'dropReplies' });
          await sleep(random.between(50, 200)); // the outage
          wire.set({ kind: 'pass' });
          await sleep(random.between(50, 200)); // until the next one
        }
      });
      expect(wire.dropped).toBeGreaterThan(before);
      expect(await cluster().verdict()).toEqual([]);
    },
    FAULT_TIMEOUT_MS,
  );
});

describe(seeded('Redis with Sentinel'), () => {
  onRedis(
    'fault 20: the primary dies, and the promoted replica is behind',
    async () => {
      const set = await SentinelSet.start();
      let cluster: Cluster | undefined;
      try {
        const settings = { REDIS_URL: '', ...set.settings };
        cluster = await Cluster.start({ driver: DRIVER, redisAbsent: true, workers: 2, settings });
        cluster.model.otherwise({ kind: 'answer', delayMs: 500 });
        await underLoad(cluster, async () => {
          set.replication.set({ kind: 'muteReplies' });
          await sleep(1000); // for so long the replica falls behind
          await set.primary.kill();
        });
        await set.promoted();
        expect(await cluster.verdict()).toEqual([]);
      } finally {
        await cluster?.stop();
        await set.stop();
      }
    },
    FAULT_TIMEOUT_MS,
  );
});
