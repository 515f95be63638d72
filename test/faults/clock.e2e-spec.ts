import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { fromNow, insertJob } from '../support/ledger/insert-job.js';
import { eventually } from '../support/run/eventually.js';
import { setBack } from '../support/ledger/set-back.js';
import { LEASE_MS } from '../support/machines/cluster.js';
import { preloaded } from '../support/server/process.js';
import { clusterFor, FAULT_TIMEOUT_MS, outcomeOf, random, seeded, underLoad, workerAt } from './faults.js';

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
          // A date is a moment of the service's clock. Read by one that is five hours behind, two seconds would be
          // five hours.
          const retryAt = new Date(Date.now() + 2000).toUTCString();
          cluster().model.script('Asks For A Pause.', {
            kind: 'status',
            status: 429,
            headers: { 'retry-after': retryAt },
          });
          await cluster().load.submit('Asks For A Pause.');
          for (const title of slow) await cluster().load.submit(title, 'movies', { deadline_seconds: 60 });
          await insertJob(cluster().db, {
            id: overdue,
            title: 'Overdue.',
            run_at: fromNow(3600),
            deadline_at: fromNow(1),
          });
          for (let n = 0; n < 14; n++) {
            set(random.pick([-24, -5, -1, 0, 1, 5, 24]));
            await sleep(400); // for so long the clock stays wrong
          }
          set(-5);
        },
        { seconds: 6, rate: 20 },
      );
      expect(await cluster().verdict()).toEqual([]);
      expect(await cluster().rows('SELECT id, crashes FROM generation_jobs WHERE crashes > 0')).toEqual([]);
      expect(await cluster().rows(`SELECT id FROM generation_jobs WHERE status = 'EXPIRED'`)).toEqual([
        { id: overdue },
      ]);
      expect(await outcomeOf(cluster(), 'Asks For A Pause.')).toMatchObject({ status: 'DONE', attempts: 1 });
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

describe(seeded('the clock of PostgreSQL is set back'), () => {
  const WAIT_MS = '6000';
  const cluster = clusterFor({
    workers: 1,
    settings: { GENERATION_BACKOFF_MS: WAIT_MS, WEBHOOK_BACKOFF_MS: WAIT_MS },
  });
  const told = (path: string) => ({
    webhook_url: cluster().receiver.url(path),
    webhook_events: ['job.completed'],
  });
  const found = (text: string) => eventually(async () => (await cluster().rows(text)).length > 0);

  it(
    'fault 29: by an hour, while jobs, leases, a pause, a held model and messages wait for a time; none of them rests for that hour',
    async () => {
      const { model, receiver, load } = cluster();
      model.script('Dies With Its Worker.', { kind: 'hang' });
      model.script('Backs Off.', { kind: 'status', status: 500 });
      model.script('Asks For A Pause.', { kind: 'status', status: 429, headers: { 'retry-after': '7' } });
      receiver.script('/tried-again', 500);
      receiver.script('/in-flight', null);
      await load.submit('Is Told Later.', 'movies', told('/tried-again'));
      await load.submit('Is Told By One Who Dies.', 'people', told('/in-flight'));
      await load.submit('Dies With Its Worker.');
      await load.submit('Backs Off.', 'people');
      await workerAt(cluster(), 'Dies With Its Worker.');
      await found(`SELECT 1 FROM webhook_deliveries WHERE NOT in_hand AND attempts = 1 AND status = 'PENDING'`);
      await found(`SELECT 1 FROM webhook_deliveries WHERE in_hand`);
      await load.submit('Asks For A Pause.');
      await eventually(async () => {
        const { status, attempts } = await outcomeOf(cluster(), 'Asks For A Pause.');
        return status === 'PENDING' && attempts === 0 && model.counts.get('Asks For A Pause.') === 1;
      });
      await cluster().rows(
        `INSERT INTO model_breakers (model, models, message, opened_at, next_probe_at, wait_seconds)
         VALUES ('gpt-4.1-mini', '{gpt-4.1-mini}', 'The model service answered 401.', now(), now() + interval '5 seconds', 5)
         ON CONFLICT (model) DO UPDATE SET message = EXCLUDED.message, opened_at = EXCLUDED.opened_at,
           next_probe_at = EXCLUDED.next_probe_at, wait_seconds = EXCLUDED.wait_seconds`,
      );
      await cluster().end(cluster().workers[0]!, 'SIGKILL');
      await load.submit('Waits In The Queue.', 'movies', { deadline_seconds: 86_400 });
      model.script('Fails After It.', { kind: 'status', status: 400 });
      await load.submit('Fails After It.');
      const cancelled = await load.submit('Is Cancelled After It.', 'people');
      const rotated = await fetch(`${cluster().apis[0]!.url}/webhooks/secret/rotate`, { method: 'POST' });
      expect(rotated.status).toBe(200);
      await found(
        `SELECT 1 FROM generation_jobs WHERE status = 'PENDING' AND attempts = 0 AND dispatched_at IS NOT NULL`,
      );
      expect(await outcomeOf(cluster(), 'Backs Off.')).toMatchObject({ status: 'PENDING', attempts: 1 });
      expect(await outcomeOf(cluster(), 'Dies With Its Worker.')).toMatchObject({ status: 'IN_PROGRESS' });

      await setBack(cluster().db, 60);
      expect((await load.cancel(cancelled!.body.job_id))!.status).toBe(200);
      await cluster().add('worker');
      expect(await cluster().verdict(60_000)).toEqual([]);

      expect(await outcomeOf(cluster(), 'Dies With Its Worker.')).toMatchObject({ status: 'DONE', crashes: 1 });
      expect(await outcomeOf(cluster(), 'Backs Off.')).toMatchObject({ status: 'DONE', attempts: 2, crashes: 0 });
      for (const subject of ['Asks For A Pause.', 'Waits In The Queue.'])
        expect(await outcomeOf(cluster(), subject)).toMatchObject({ status: 'DONE', attempts: 1, crashes: 0 });
      expect(await outcomeOf(cluster(), 'Fails After It.')).toMatchObject({ status: 'FAILED', attempts: 1 });
      // The worker that is no more does not count as alive for that hour, and what lasts a day is no longer than that.
      await eventually(async () => {
        const [left] = await cluster().rows(
          `SELECT (SELECT count(*)::int FROM workers WHERE expires_at > now()) AS workers,
             (SELECT count(*)::int FROM generation_jobs WHERE deadline_at > now() + interval '1 day') AS deadlines,
             (SELECT count(*)::int FROM webhook_secrets WHERE expires_at > now() + interval '1 day') AS secrets`,
        );
        return isDeepStrictEqual(left, { workers: 1, deadlines: 0, secrets: 0 });
      }, 30_000);
    },
    FAULT_TIMEOUT_MS,
  );
});
