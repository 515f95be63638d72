import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { eventually } from '../support/run/eventually.js';
import { Proxy } from '../support/machines/proxy.js';
import { clusterFor, endsOf, FAULT_TIMEOUT_MS, heldBy, outcomeOf, random, seeded, underLoad } from './faults.js';

/** Room for a busy machine: after an outage workers have half of it to renew their leases. */
const LEASE_MS = 6000;

describe(seeded('PostgreSQL stops'), () => {
  const cluster = clusterFor({ workers: 2, settings: { JOB_LEASE_MS: String(LEASE_MS) } });

  /** The model answers well, so whatever counts as a second try was the database's fault. */
  const expectOneTryEach = async () => {
    expect(await cluster().verdict()).toEqual([]);
    const second = await cluster().rows(
      `SELECT id, attempts, crashes, history FROM generation_jobs WHERE attempts > 1 OR crashes > 0`,
    );
    expect(second).toEqual([]);
  };

  it(
    'fault 15: PostgreSQL is stopped immediately for some seconds under load; POST says 503, no process dies, no try is lost',
    async () => {
      cluster().model.otherwise({ kind: 'answer', delayMs: 200 });
      await underLoad(
        cluster(),
        async () => {
          await cluster().postgres.stopImmediately();
          await sleep(random.between(1500, 3000)); // the outage
          // On a busy machine it takes longer until somebody has heard of it.
          await eventually(async () => (cluster().load.answers[503] ?? 0) > 0);
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
            await sleep(random.between(5, 150)); // the outage
            cluster().postgresWire.set({ kind: 'pass' });
            await sleep(random.between(50, 400)); // until the next one
          }
        },
        { seconds: 5 },
      );
      expect(cluster().postgresWire.dropped).toBeGreaterThan(0);
      await expectOneTryEach();
    },
    FAULT_TIMEOUT_MS,
  );

  it(
    'fault 15: an outage longer than a lease is no crash, not even to a process that starts right after it',
    async () => {
      const title = 'Outlasts The Outage.';
      for (const worker of cluster().workers) await cluster().end(worker, 'SIGTERM');
      const wire = await Proxy.to(cluster().settings.DATABASE_URL!);
      try {
        await cluster().add('worker', { DATABASE_URL: wire.around(cluster().settings.DATABASE_URL!) });
        cluster().model.script(title, { kind: 'answer', delayMs: 1000 });
        await cluster().load.submit(title);
        await eventually(async () => cluster().model.counts.get(title) === 1);
        wire.set({ kind: 'cut' }); // the worker finds its way back a little later than the others
        await cluster().postgres.stopImmediately();
        await sleep(1.5 * LEASE_MS); // the outage
        await cluster().end(cluster().apis[0]!, 'SIGKILL');
        await cluster().postgres.startAgain();
        const [before] = await cluster().rows<{ now: Date }>('SELECT now()');
        await cluster().add('api');
        const sweptSince = () => cluster().rows('SELECT 1 FROM sweeps WHERE swept_at > $1', [before!.now]);
        await eventually(async () => (await sweptSince()).length > 0);
        wire.set({ kind: 'pass' });
        expect(await cluster().verdict()).toEqual([]);
      } finally {
        await wire.stop();
        for (const worker of cluster().workers) await cluster().end(worker, 'SIGKILL');
        await Promise.all([cluster().add('worker'), cluster().add('worker')]);
      }
      expect(await outcomeOf(cluster(), title)).toMatchObject({ status: 'DONE', attempts: 1, crashes: 0 });
      expect(cluster().model.counts.get(title)).toBe(1);
    },
    FAULT_TIMEOUT_MS,
  );

  it(
    'fault 25: PostgreSQL is restarted while the key is revoked, and forgets that the model is held; nothing fails',
    async () => {
      cluster().model.otherwise({ kind: 'status', status: 401 });
      const accepted = await underLoad(
        cluster(),
        async () => {
          await heldBy(cluster());
          await cluster().postgres.stopImmediately();
          await cluster().postgres.startAgain();
          await eventually(() =>
            cluster()
              .rows('DELETE FROM model_breakers')
              .then(
                () => true,
                () => false,
              ),
          );
          await heldBy(cluster());
          cluster().model.otherwise({ kind: 'answer' });
          await cluster().rows('DELETE FROM model_breakers');
        },
        { seconds: 5 },
      );
      expect(await cluster().verdict()).toEqual([]);
      expect(await endsOf(cluster(), accepted)).toEqual({ statuses: ['DONE'], tries: 1 });
    },
    FAULT_TIMEOUT_MS,
  );

  /** As an operator does it, or a server whose disk is full: sessions begin read-only; those that are open end. */
  const makeReadOnly = async (readOnly: boolean) => {
    const operator = new pg.Client({
      connectionString: cluster().postgres.url,
      options: '-c default_transaction_read_only=off',
    });
    await operator.connect();
    try {
      await operator.query(`ALTER DATABASE moviemind SET default_transaction_read_only = ${readOnly ? 'on' : 'off'}`);
      // Back to normal, nobody ends the sessions: the program has to find out by itself that it may write again.
      if (!readOnly) return;
      const { rows } = await operator.query<{ pid: number }>(
        `SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = 'moviemind' AND pid <> pg_backend_pid()`,
      );
      const ended = `SELECT NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid = ANY($1)) AS all`;
      const pids = rows.map(({ pid }) => pid);
      await eventually(async () => (await operator.query<{ all: boolean }>(ended, [pids])).rows[0]!.all);
    } finally {
      await operator.end();
    }
  };

  it(
    'fault 24: PostgreSQL is read-only for longer than a lease; POST says 503, nothing is half accepted, and all runs when it takes writes again',
    async () => {
      const refused = Array.from({ length: 20 }, (_, n) => `Refused ${n}.`);
      cluster().model.otherwise({ kind: 'answer', delayMs: 500 });
      await underLoad(
        cluster(),
        async () => {
          await makeReadOnly(true);
          try {
            const answers = await Promise.all(refused.map((title) => cluster().load.submit(title)));
            expect(answers.map((answer) => answer?.status)).toEqual(refused.map(() => 503));
            expect(answers.map((answer) => answer?.headers['retry-after'])).toEqual(refused.map(() => '2'));
            await sleep(1.5 * LEASE_MS); // the outage
          } finally {
            await makeReadOnly(false);
          }
          // Each of them by whatever connection is free: none has stayed read-only.
          await eventually(async () => {
            const again = await Promise.all(refused.map((_, n) => cluster().load.submit(`Taken Again ${n}.`)));
            return again.every((answer) => answer?.status === 202);
          }, 10_000);
        },
        { seconds: 14, rate: 20 },
      );
      expect(
        await cluster().rows(`SELECT 1 FROM generation_jobs WHERE request ->> 'subject' = ANY($1)`, [refused]),
      ).toEqual([]);
      await expectOneTryEach();
    },
    FAULT_TIMEOUT_MS,
  );
});
