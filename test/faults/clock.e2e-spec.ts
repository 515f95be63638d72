import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LEASE_MS } from './cluster.js';
import { clusterFor, FAULT_TIMEOUT_MS, outcomeOf, preloaded, random, seeded, underLoad } from './faults.js';

const HOUR_MS = 3_600_000;

describe(seeded('the clock of one worker jumps'), () => {
  const cluster = clusterFor({ workers: 1 });
  const folder = mkdtempSync(join(tmpdir(), 'moviemind-clock-'));
  const file = join(folder, 'wrong-by');
  const set = (hours: number) => writeFileSync(file, String(hours * HOUR_MS));

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it(
    'fault 22: by hours, forwards and back, while jobs run, wait, back off and have deadlines; nothing is taken early, late or twice',
    async () => {
      const began = Date.now();
      set(5);
      await cluster().add('worker', { ...preloaded('shifted-clock'), CLOCK_FILE: file });
      cluster().model.otherwise((_, made) =>
        made === 1 && random.next() < 0.2
          ? { kind: 'status', status: 500 }
          : { kind: 'answer', delayMs: random.between(50, 400) },
      );
      const slow = ['Slow One.', 'Slow Two.', 'Slow Three.'];
      for (const title of slow) cluster().model.script(title, { kind: 'answer', delayMs: 1.5 * LEASE_MS });
      const overdue = randomUUID();
      await underLoad(
        cluster(),
        async () => {
          // A date is a moment of the service's clock. Read by one that is five hours behind, two seconds would be five hours.
          const retryAt = new Date(Date.now() + 2000).toUTCString();
          cluster().model.script('Asks For A Pause.', {
            kind: 'status',
            status: 429,
            headers: { 'retry-after': retryAt },
          });
          await cluster().load.submit('Asks For A Pause.');
          for (const title of slow) await cluster().load.submit(title, 'movies', { deadline_seconds: 60 });
          await cluster().rows(
            `INSERT INTO generation_jobs (id, entity, requested_slug, locale, context_tag, request, max_attempts, request_id, run_at, deadline_at)
             VALUES ($1, 'MOVIE', 'overdue', 'en-US', 'DEFAULT', '{"subject": "Overdue.", "year": null}', 3, 'test',
               now() + interval '1 hour', now() + interval '1 second')`,
            [overdue],
          );
          for (let n = 0; n < 14; n++) {
            set(random.pick([-24, -5, -1, 0, 1, 5, 24]));
            await sleep(400);
          }
          set(-5);
        },
        { seconds: 6, rate: 30 },
      );
      expect(await cluster().verdict()).toEqual([]);
      expect(await cluster().rows('SELECT id, crashes FROM generation_jobs WHERE crashes > 0')).toEqual([]);
      expect(await cluster().rows(`SELECT id FROM generation_jobs WHERE status = 'EXPIRED'`)).toEqual([
        { id: overdue },
      ]);
      expect(await outcomeOf(cluster(), 'Asks For A Pause.')).toMatchObject({ status: 'DONE', attempts: 2 });
      const workers = await cluster().rows('SELECT DISTINCT worker FROM generation_jobs WHERE worker IS NOT NULL');
      expect(workers).toHaveLength(2); // the one with the wrong clock had its share
      // Receivers refuse a message whose time is five minutes off.
      const sent = cluster().receiver.received.map(({ headers }) => Number(headers['webhook-timestamp']) * 1000);
      expect(sent.length).toBeGreaterThan(0);
      expect(sent.filter((at) => at < began - 60_000 || at > Date.now() + 60_000)).toEqual([]);
      const [times] = await cluster().rows(
        'SELECT max(finished_at) <= now() AS past, min(finished_at) >= min(created_at) AS sound FROM generation_jobs',
      );
      expect(times).toEqual({ past: true, sound: true });
    },
    FAULT_TIMEOUT_MS,
  );
});
