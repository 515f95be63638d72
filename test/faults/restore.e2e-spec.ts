import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/run/eventually.js';
import { once } from '../support/run/on-driver.js';
import { Program } from '../support/server/process.js';
import { StubModel } from '../support/model/stub-model.js';
import { SystemPostgres } from '../support/machines/system-postgres.js';
import { Cluster, CONCURRENCY } from '../support/machines/cluster.js';
import { FAULT_TIMEOUT_MS, seeded } from './faults.js';

/** The commands are those of docs/operate.md, "Backup and restore". */
describe(seeded('backup, wipe everything, restore'), () => {
  const folder = mkdtempSync(join(tmpdir(), 'moviemind-backup-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it(
    'fault 23: PostgreSQL is dumped with jobs done, running and waiting, everything is lost, and all of them are back and run',
    async () => {
      const postgres = await SystemPostgres.start();
      // A call that ended while the dump is made would let another job begin, of which the dump does not know.
      const settings = { OPENAI_TIMEOUT_MS: '300000' };
      const cluster = await Cluster.start({ driver: DRIVER, workers: 2, postgres, settings });
      try {
        const films = (kind: string, count: number) => Array.from({ length: count }, (_, n) => `${kind} ${n}.`);
        await Promise.all(films('Done', 20).map((title) => cluster.load.submit(title)));
        expect(await cluster.settled()).not.toBeNull();
        cluster.model.otherwise({ kind: 'hang' });
        await Promise.all(films('Unfinished', 60).map((title) => cluster.load.submit(title)));
        // Both workers have all that they take: what is claimed after the dump would be asked for once more.
        await eventually(async () => (await running(cluster)) === 2 * CONCURRENCY);

        const dump = join(folder, 'moviemind.dump');
        await postgres.tool('pg_dump', '--format=custom', `--file=${dump}`, postgres.url);
        // From here on nothing may happen that the dump does not know.
        await Promise.all([...cluster.members].map((member) => cluster.end(member, 'SIGKILL')));
        await postgres.lose();
        await cluster.redis?.kill();
        cluster.redis?.wipe();
        await cluster.redis?.start();

        await postgres.tool('pg_restore', '--no-owner', `--dbname=${postgres.url}`, dump);
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
