import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ledgerBreaches } from '../../src/health/invariants.js';
import { eventually } from '../support/run/eventually.js';
import { once, onRedis } from '../support/run/on-driver.js';
import { done } from '../support/server/moviemind.js';
import { Program } from '../support/server/process.js';
import { StubModel } from '../support/model/stub-model.js';
import { SystemPostgres } from '../support/machines/system-postgres.js';
import { Cluster, CONCURRENCY } from '../support/machines/cluster.js';
import { FAULT_TIMEOUT_MS, seeded } from './faults.js';

describe(seeded('backup, wipe everything, restore'), () => {
  const folder = mkdtempSync(join(tmpdir(), 'moviemind-backup-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it(
    'fault 23: a backup is made with jobs done, running and waiting, everything is lost, and all of them are back and run',
    async () => {
      const postgres = await SystemPostgres.start();
      // A call that ended while the dump is made would let another job begin, of which the dump does not know.
      const settings = { OPENAI_TIMEOUT_MS: '300000' };
      const cluster = await Cluster.start({ driver: DRIVER, workers: 2, postgres, settings });
      try {
        await Promise.all(films('Done', 20).map((title) => cluster.load.submit(title)));
        expect(await cluster.settled()).not.toBeNull();
        cluster.model.otherwise({ kind: 'hang' });
        await Promise.all(films('Unfinished', 60).map((title) => cluster.load.submit(title)));
        // Both workers have all that they take: what is claimed after the dump would be asked for once more.
        await eventually(async () => (await running(cluster)) === 2 * CONCURRENCY);

        const dump = join(folder, 'moviemind.dump');
        await done(postgres, 'backup', '--out', dump);
        // From here on nothing may happen that the dump does not know.
        await Promise.all([...cluster.members].map((member) => cluster.end(member, 'SIGKILL')));
        await postgres.lose();
        await cluster.redis?.kill();
        cluster.redis?.wipe();
        await cluster.redis?.start();

        await done(postgres, 'restore', dump, '--yes');
        cluster.model.otherwise({ kind: 'answer' });
        await cluster.add('api');
        await Promise.all([cluster.add('worker'), cluster.add('worker')]);
        expect(await cluster.verdict()).toEqual([]);
        expect(await cluster.rows(`SELECT status, count(*)::int FROM generation_jobs GROUP BY 1`)).toEqual([
          { status: 'DONE', count: 80 },
        ]);
      } finally {
        await cluster.stop();
      }
    },
    FAULT_TIMEOUT_MS,
  );

  onRedis(
    'fault 23: a backup is made under load and restored beside a Redis that knows more: nobody is told of what is lost',
    async () => {
      const postgres = await SystemPostgres.start();
      const cluster = await Cluster.start({ driver: DRIVER, workers: 2, postgres });
      try {
        cluster.model.otherwise({ kind: 'answer', delayMs: 500 });
        const load = cluster.load.run(40, 3, (n) => [`Load ${n}.`, n % 5 === 0 ? 'people' : 'movies']);
        await eventually(async () => (await running(cluster)) > CONCURRENCY);
        const made = await done(postgres, 'backup', '--out', join(folder, 'load'), '--json');
        const { path, rows } = JSON.parse(made) as { path: string; rows: Record<string, number> };
        const fine = await done(postgres, 'backup', 'verify', path, '--scratch-url', postgres.adminUrl);
        expect(fine).toMatch(/^fine: /);
        await load;
        await Promise.all(films('After', 5).map((title) => cluster.load.submit(title)));
        expect(await cluster.settled()).not.toBeNull();
        const accepted = [...cluster.load.accepted.keys()];
        await Promise.all(accepted.map((id) => cluster.load.poll(id)));

        await Promise.all([...cluster.members].map((member) => cluster.end(member, 'SIGKILL')));
        await postgres.lose();
        await done(postgres, 'restore', path, '--yes');
        const kept = await cluster.rows<{ id: string; status: string }>('SELECT id, status FROM generation_jobs');
        expect(kept.length).toBe(rows.generation_jobs);
        expect(kept.length).toBeLessThan(accepted.length);
        const { url } = await cluster.add('api');
        const told = async (id: string) => {
          const answer = await fetch(`${url}/jobs/${id}`);
          return answer.status === 200 ? ((await answer.json()) as { status: string }).status : answer.status;
        };
        const byId = new Map(kept.map(({ id, status }) => [id, status]));
        const unfinished = accepted.filter((id) => ['PENDING', 'IN_PROGRESS'].includes(byId.get(id) ?? ''));
        expect(unfinished.length).toBeGreaterThan(0);
        expect(await Promise.all(unfinished.map(told))).not.toContain('DONE');
        const lost = accepted.filter((id) => !byId.has(id));
        expect(new Set(await Promise.all(lost.map(told)))).toEqual(new Set([404]));

        await Promise.all([cluster.add('worker'), cluster.add('worker')]);
        expect(await cluster.settled()).not.toBeNull();
        expect(await ledgerBreaches(cluster.session)).toEqual([]);
        expect(new Set(await Promise.all(kept.map(({ id }) => told(id))))).toEqual(new Set(['DONE']));
        const doubled = 'SELECT slug, count(*) FROM generation_jobs GROUP BY entity, slug HAVING count(*) > 1';
        expect(await cluster.rows(doubled)).toEqual([]);
      } finally {
        await cluster.stop();
      }
    },
    FAULT_TIMEOUT_MS,
  );

  once(
    'fault 23: the folder of the embedded PostgreSQL is copied while it is stopped, lost, and put back',
    async () => {
      const [data, copy] = [join(folder, 'data'), join(folder, 'data-backup')];
      const model = await StubModel.start();
      const settings = {
        DATA_DIR: data,
        OPENAI_BASE_URL: model.url,
        OPENAI_API_KEY: 'key-0123456789',
        QUEUE_CONNECTION: 'database',
      };
      let program = new Program(settings);
      try {
        let url = await program.ready();
        await fetch(`${url}/movies/generate`, posted('Before.'));
        await eventually(async () => (await statusOf(url, 'before')) === 200);
        model.otherwise({ kind: 'hang' });
        const accepted = await fetch(`${url}/movies/generate`, posted('Still Running.'));
        const { job_id } = (await accepted.json()) as { job_id: string };
        await eventually(async () => model.counts.get('Still Running.') === 1);
        expect(await program.end('SIGTERM')).toBe(0);

        execFileSync('cp', ['-a', data, copy]);
        rmSync(data, { recursive: true });
        execFileSync('cp', ['-a', copy, data]);

        model.otherwise({ kind: 'answer' });
        program = new Program(settings);
        url = await program.ready();
        expect(await statusOf(url, 'before')).toBe(200);
        const done = await eventually(async () => {
          const job = (await (await fetch(`${url}/jobs/${job_id}`)).json()) as { status: string; attempts: number };
          return job.status === 'DONE' && job;
        }, 40_000);
        expect(done.attempts).toBe(1);
      } finally {
        await program.end('SIGTERM');
        await model.stop();
      }
    },
    FAULT_TIMEOUT_MS,
  );
});

const posted = (title: string) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ title }),
});

const statusOf = async (url: string, slug: string) => (await fetch(`${url}/movies/${slug}`)).status;

async function running(cluster: Cluster): Promise<number> {
  const [row] = await cluster.rows<{ count: number }>(
    `SELECT count(*)::int FROM generation_jobs WHERE status = 'IN_PROGRESS'`,
  );
  return row!.count;
}

const films = (kind: string, count: number) => Array.from({ length: count }, (_, n) => `${kind} ${n}.`);
