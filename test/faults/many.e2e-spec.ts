import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { insertJob } from '../support/ledger/insert-job.js';
import { eventually } from '../support/run/eventually.js';
import { Proxy } from '../support/machines/proxy.js';
import type { Behaviour } from '../support/model/stub-model.js';
import {
  bringProbe,
  clusterFor,
  endsOf,
  FAULT_TIMEOUT_MS,
  heldBy,
  outcomeOf,
  random,
  seeded,
  underLoad,
} from './faults.js';

/** Every way a model misbehaves; `null`: it answers well. */
const MOODS: (Behaviour | null)[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
  { kind: 'status', status: 400 },
  { kind: 'cut' },
  { kind: 'stall' },
  { kind: 'refuse' },
  { kind: 'content', content: '' },
  { kind: 'content', content: '{"found": true, "title": "Half' },
  { kind: 'content', content: '{"found": "perhaps"}' },
  { kind: 'answer', output: { found: false } },
  ...Array<null>(14).fill(null),
];

const FIRST = 'first-model';
const SECOND = 'second-model';

const JOB_OF = `SELECT id FROM generation_jobs WHERE request ->> 'subject' = $1`;

describe(seeded('many processes'), () => {
  const cluster = clusterFor({ apis: 3, workers: 3, settings: { OPENAI_TIMEOUT_MS: '3000', OPENAI_MODEL: FIRST } });

  it(
    'fault 16: three APIs and three workers share the work, each job stored once',
    async () => {
      const accepted = await underLoad(cluster(), async () => undefined, { rate: 80 });
      expect(await cluster().verdict()).toEqual([]);
      expect(accepted.length).toBeGreaterThan(150);
    },
    FAULT_TIMEOUT_MS,
  );

  it(
    'fault 17: overlapping transactions that commit in reverse order are all dispatched',
    async () => {
      const subjects = Array.from({ length: 12 }, (_, n) => `Reverse ${n}.`);
      const clients = subjects.map(() => new pg.Client({ connectionString: cluster().settings.DATABASE_URL! }));
      try {
        await underLoad(cluster(), async () => {
          for (const [n, client] of clients.entries()) {
            await client.connect();
            await client.query('BEGIN');
            await insertJob(client, { title: subjects[n]!, year: null });
          }
          for (const client of clients.toReversed()) {
            await client.query('COMMIT');
            await sleep(random.between(0, 100)); // the gap between two commits
          }
        });
      } finally {
        await Promise.all(clients.map((client) => client.end()));
      }
      expect(await cluster().verdict()).toEqual([]);
      expect(subjects.map((subject) => cluster().model.counts.get(subject))).toEqual(subjects.map(() => 1));
    },
    FAULT_TIMEOUT_MS,
  );

  it(
    'fault 10: an API is killed right after its answers, and under load',
    async () => {
      await underLoad(cluster(), async () => {
        const [victim] = cluster().apis;
        await Promise.all(Array.from({ length: 30 }, (_, n) => cluster().load.submit(`Orphan ${n}.`)));
        await cluster().replace(victim!, 'SIGKILL');
      });
      expect(await cluster().verdict()).toEqual([]);
    },
    FAULT_TIMEOUT_MS,
  );

  it(
    'fault 10: an API is killed between the commit and the answer; the resent request makes one film',
    async () => {
      const wire = await Proxy.to(cluster().settings.DATABASE_URL!);
      const title = 'Unanswered.';
      try {
        const victim = await cluster().add('api', { DATABASE_URL: wire.around(cluster().settings.DATABASE_URL!) });
        // From its row on, PostgreSQL's replies are lost.
        wire.set({ kind: 'muteAfter', text: title });
        const asked = fetch(`${victim.url}/movies/generate`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ title }),
        }).catch(() => null);
        await eventually(async () => (await outcomeOf(cluster(), title)) !== undefined);
        await cluster().end(victim, 'SIGKILL');
        expect(await asked).toBeNull();
      } finally {
        await wire.stop();
      }
      expect((await cluster().load.submit(title))?.status).toBe(202);
      expect(await cluster().verdict()).toEqual([]);
      expect(await cluster().rows('SELECT 1 FROM movies WHERE title = $1', [title])).toHaveLength(1);
    },
    FAULT_TIMEOUT_MS,
  );

  it(
    'fault 10: an API is killed between the commit and the answer; the resent Idempotency-Key gets the same job',
    async () => {
      const wire = await Proxy.to(cluster().settings.DATABASE_URL!);
      const title = 'Unanswered With A Key.';
      const ask = (url: string, asked: string, key: string) =>
        fetch(`${url}/movies/generate`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': key },
          body: JSON.stringify({ title: asked }),
        });
      try {
        const victim = await cluster().add('api', { DATABASE_URL: wire.around(cluster().settings.DATABASE_URL!) });
        wire.set({ kind: 'muteAfter', text: 'COMMIT' });
        const asked = ask(victim.url, title, 'resent').catch(() => null);
        await eventually(async () => (await outcomeOf(cluster(), title)) !== undefined);
        await cluster().end(victim, 'SIGKILL');
        expect(await asked).toBeNull();
      } finally {
        await wire.stop();
      }
      const [committed] = await cluster().rows<{ id: string }>(JOB_OF, [title]);
      const successor = await cluster().add('api');
      expect(await cluster().settled()).not.toBeNull();
      for (const { url } of [successor, cluster().apis[0]!]) {
        const again = await ask(url, title, 'resent');
        expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([202, 'true']);
        expect(await again.json()).toMatchObject({ job_id: committed!.id, status: 'PENDING' });
      }
      expect(await cluster().verdict()).toEqual([]);
      expect(await cluster().rows(JOB_OF, [title])).toHaveLength(1);
    },
    FAULT_TIMEOUT_MS,
  );

  it(
    'fault 21: the model fails in every way under load, and every retryable failure gets all its tries',
    async () => {
      cluster().model.otherwise(() => random.pick(MOODS) ?? { kind: 'answer' });
      const accepted = await underLoad(cluster(), async () => undefined, { rate: 60 });
      expect(await cluster().verdict()).toEqual([]);
      cluster().model.otherwise({ kind: 'answer' });
      const outcomes = await cluster().rows<{ status: string }>(
        `SELECT DISTINCT status FROM generation_jobs WHERE id = ANY($1::uuid[]) ORDER BY 1`,
        [accepted],
      );
      expect(outcomes).toEqual([{ status: 'DONE' }, { status: 'FAILED' }]);
    },
    FAULT_TIMEOUT_MS,
  );

  /** The model is as bad as `fault` for longer than all tries would last. */
  const outage = async (fault: Behaviour) => {
    cluster().model.otherwise(fault);
    await heldBy(cluster());
    await sleep(1500); // three tries take a quarter of it
    cluster().model.otherwise({ kind: 'answer' });
    await bringProbe(cluster());
  };

  it.each<[name: string, fault: Behaviour, tries: unknown]>([
    ['the model is away for longer than all tries would last', { kind: 'cut' }, expect.any(Number)],
    ['the key is revoked, and restored', { kind: 'status', status: 401 }, 1],
  ])(
    'fault 25: %s under load; nothing fails, everything is done afterwards',
    async (_, fault, tries) => {
      const accepted = await underLoad(cluster(), () => outage(fault));
      expect(await cluster().verdict()).toEqual([]);
      // Of a service that is away, the first failures are tries.
      expect(await endsOf(cluster(), accepted)).toEqual({ statuses: ['DONE'], tries });
    },
    FAULT_TIMEOUT_MS,
  );

  it(
    'fault 26: one job is always refused among good ones, and fails alone',
    async () => {
      const poison = 'Always Refused.';
      cluster().model.otherwise((subject) =>
        subject === poison ? { kind: 'status', status: 403 } : { kind: 'answer', delayMs: 300 },
      );
      const accepted = await underLoad(cluster(), () => cluster().load.submit(poison));
      const good = accepted.filter((id) => cluster().load.accepted.get(id) !== poison);
      // Good ones go on coming until it has ended: alone, it could not be told from a key that is revoked.
      await eventually(async () => {
        if ((await outcomeOf(cluster(), poison)).status === 'FAILED') return true;
        await cluster().load.submit(`Good Beside It ${cluster().load.accepted.size}.`);
        return false;
      }, 60_000);
      expect(await cluster().verdict()).toEqual([]);
      cluster().model.otherwise({ kind: 'answer' });
      expect(await outcomeOf(cluster(), poison)).toMatchObject({ status: 'FAILED', error: { type: 'AI_API_ERROR' } });
      expect(await endsOf(cluster(), good)).toEqual({ statuses: ['DONE'], tries: 1 });
    },
    FAULT_TIMEOUT_MS,
  );

  it(
    'fault 27: a provider takes five calls a second; 40 jobs are done by their first try',
    async () => {
      let taken: number[] = [];
      cluster().model.otherwise(() => {
        taken = taken.filter((at) => at > Date.now() - 1000);
        if (taken.length >= 5) return { kind: 'status', status: 429, headers: { 'retry-after': '1' } };
        taken.push(Date.now());
        return { kind: 'answer' };
      });
      const replies = await Promise.all(
        Array.from({ length: 40 }, (_, n) => cluster().load.submit(`Five A Second ${n}.`)),
      );
      expect(await cluster().verdict()).toEqual([]);
      cluster().model.otherwise({ kind: 'answer' });
      expect(
        await endsOf(
          cluster(),
          replies.map((reply) => reply!.body.job_id),
        ),
      ).toEqual({ statuses: ['DONE'], tries: 1 });
    },
    FAULT_TIMEOUT_MS,
  );

  it(
    'of two models one dies under load, and the other writes; then both are there again',
    async () => {
      const workers = [...cluster().workers];
      const successors = await Promise.all(
        workers.map(() => cluster().add('worker', { OPENAI_MODEL: `${FIRST},${SECOND}` })),
      );
      await Promise.all(workers.map((worker) => cluster().end(worker, 'SIGTERM')));
      cluster().model.otherwise((_subject, _made, _schema, _data, model) =>
        model === FIRST ? { kind: 'status', status: 500 } : { kind: 'answer' },
      );
      const accepted = await underLoad(cluster(), () => heldBy(cluster(), FIRST));
      expect(await cluster().verdict()).toEqual([]);
      expect(await endsOf(cluster(), accepted)).toMatchObject({ statuses: ['DONE'] });
      cluster().model.otherwise({ kind: 'answer' });
      const again = await underLoad(cluster(), () => bringProbe(cluster()));
      expect(await cluster().verdict()).toEqual([]);
      expect(await endsOf(cluster(), again)).toEqual({ statuses: ['DONE'], tries: 1 });
      expect(await cluster().rows('SELECT 1 FROM model_breakers WHERE opened_at IS NOT NULL')).toEqual([]);
      expect(successors).toHaveLength(workers.length);
    },
    FAULT_TIMEOUT_MS,
  );
});
