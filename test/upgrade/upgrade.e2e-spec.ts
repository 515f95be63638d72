import { join } from 'node:path';
import { FAULT_TIMEOUT_MS, seeded, underLoad } from '../faults/faults.js';
import { Cluster, type Member } from '../support/machines/cluster.js';
import { OwnPostgres } from '../support/machines/own-postgres.js';
import { eventually } from '../support/run/eventually.js';
import { Program } from '../support/server/process.js';
import { manifest, Previous } from './previous.js';

const MIGRATE = join(process.cwd(), 'dist/src/migrate.js');
/** Requests a second meanwhile. */
const RATE = 8;

/** As a release of the future would write it: it adds, and takes nothing away. */
const EXPAND = `
  ALTER TABLE generation_jobs ADD COLUMN of_the_future text, ADD COLUMN counted integer NOT NULL DEFAULT 0;
  ALTER TABLE movies ADD COLUMN of_the_future text;
  ALTER TABLE movie_descriptions ADD COLUMN of_the_future jsonb NOT NULL DEFAULT '{}';
  ALTER TABLE webhook_deliveries ADD COLUMN of_the_future timestamptz;
  ALTER TABLE processes ADD COLUMN of_the_future text;
  CREATE TABLE of_the_future (job_id uuid PRIMARY KEY REFERENCES generation_jobs ON DELETE CASCADE);
  INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'Expand9999999999999')`;
/** What no release may write, though it is quick and takes no row away. */
const RENAME = `ALTER TABLE generation_jobs RENAME COLUMN wait_seconds TO waits`;
const UNDO = `ALTER TABLE generation_jobs RENAME COLUMN waits TO wait_seconds`;
/** What it would write once this program may not be there any more. */
const CONTRACT = `INSERT INTO deployment (least_program) VALUES ('999.0.0')
  ON CONFLICT (one_row) DO UPDATE SET least_program = EXCLUDED.least_program`;

const SERVES = /The database is newer than this program, \S+, and serves it: nothing is migrated/;

describe(seeded(`the release before (${manifest().version}) beside this program`), () => {
  let cluster: Cluster;
  let previous: Previous;

  beforeAll(async () => {
    previous = new Previous();
    cluster = await Cluster.start({ driver: DRIVER, apis: 0, workers: 0, postgres: await emptyPostgres() });
    // The older program makes the tables.
    await older('api');
    await older('worker');
  }, 120_000);

  afterAll(async () => {
    await cluster?.stop();
    previous?.remove();
  }, 60_000);

  const older = (role: Member['role']) => cluster.add(role, {}, previous.main);
  const end = (...members: Member[]) => Promise.all(members.map((one) => cluster.end(one, 'SIGTERM')));
  const migrate = () => new Program(cluster.settings, MIGRATE).exited;

  it(
    'on new tables: each API with each worker, and back again',
    async () => {
      const [api, worker] = cluster.members as [Member, Member];
      await underLoad(
        cluster,
        async () => {
          expect(await migrate()).toBe(0);
          const newApi = await cluster.add('api');
          await useAll(cluster, newApi, 'new API, old worker');
          const newWorker = await cluster.add('worker');
          await end(worker);
          await useAll(cluster, api, 'old API, new worker');
          await end(api);
          // Back: the release before is started on tables that are newer than it is.
          await cluster.rows(EXPAND);
          const back = [await older('api'), await older('worker')] as const;
          for (const { program } of back) expect(program.output).toMatch(SERVES);
          await end(newApi, newWorker);
          await useAll(cluster, back[0], 'old API, old worker, new tables');
        },
        { rate: RATE },
      );
      expect(await cluster.verdict()).toEqual([]);
    },
    FAULT_TIMEOUT_MS,
  );

  it(
    'is seen to fail where a migration takes away what it uses',
    async () => {
      await cluster.rows(RENAME);
      const answer = await cluster.load.submit('On Renamed Columns.');
      await cluster.rows(UNDO);
      expect(answer?.status).toBeGreaterThanOrEqual(500);
      expect(cluster.load.offences.splice(0)).toEqual([expect.stringMatching(/^POST answered 500/)]);
    },
    FAULT_TIMEOUT_MS,
  );

  it(
    'is shut out in one line by what contracts: what runs ends within a beat, and no other starts',
    async () => {
      const shutOut = [...cluster.members];
      await Promise.all(Array.from({ length: 6 }, (_, n) => cluster.load.submit(`Before The End ${n}.`)));
      await cluster.rows(CONTRACT);
      const codes = await Promise.all(shutOut.map(({ program }) => program.exited));
      expect(codes).toEqual([0, 0]);
      for (const { program } of shutOut)
        expect(program.output.match(/the tables now serve 999\.0\.0 or newer, this is .*: it ends/g)).toHaveLength(1);
      const refused = new Program({ ...cluster.settings, ROLE: 'api' });
      expect(await refused.exited).toBe(1);
      expect(refused.output.trim()).toMatch(
        /^MovieMind cannot start: the database is newer than this program .* and serves 999\.0\.0 or newer, this is .*$/,
      );
      cluster.members.length = 0;
      await cluster.rows('UPDATE deployment SET least_program = NULL');
      await Promise.all([cluster.add('api'), cluster.add('worker')]);
      await eventually(async () => (await cluster.unfinished()) === 0, 30_000);
      expect(await cluster.verdict()).toEqual([]);
    },
    FAULT_TIMEOUT_MS,
  );
});

/** All that a client does, by one API: accepted, polled, told of, cancelled, failed, retried, in a batch. */
async function useAll(cluster: Cluster, api: Member, by: string): Promise<void> {
  const { load, model } = cluster;
  const [done, stopped, failed] = [`Done by ${by}.`, `Stopped by ${by}.`, `Failed by ${by}.`] as const;
  model.script(stopped, { kind: 'hang' });
  model.script(failed, { kind: 'answer', output: { found: false } });
  cluster.only = api;
  try {
    const webhook = {
      webhook_url: cluster.receiver.url(`/${encodeURIComponent(by)}`),
      webhook_events: ['job.completed'],
    };
    const replies = [await load.submit(done, 'movies', webhook), await load.submit(stopped), await load.submit(failed)];
    expect(replies.map((reply) => reply?.status)).toEqual([202, 202, 202]);
    const [doneId, stoppedId, failedId] = replies.map((reply) => reply!.body.job_id) as [string, string, string];
    const ends = (id: string, status: string) =>
      eventually(async () => (await load.poll(id))?.status === status, 20_000).catch(() => {
        throw new Error(`${by}: the job is not ${status}`);
      });
    await eventually(async () => model.counts.get(stopped) === 1, 20_000);
    expect((await load.cancel(stoppedId))?.status).toBe(202);
    await Promise.all([ends(doneId, 'DONE'), ends(stoppedId, 'CANCELLED'), ends(failedId, 'FAILED')]);
    expect((await load.retry(failedId))?.status).toBe(202);
    const { result } = (await load.poll(doneId))!;
    const film = await fetch(`${api.url}/movies/${result!.slug}`);
    expect([film.status, await film.json()]).toEqual([200, expect.objectContaining({ title: done })]);
    const told = () => cluster.receiver.received.some(({ job_id }) => job_id === doneId);
    await Promise.all([ends(failedId, 'DONE'), eventually(async () => told(), 20_000)]);
  } finally {
    cluster.only = null;
  }
}

/** A database without tables, on a server of its own. */
async function emptyPostgres() {
  const own = await OwnPostgres.start();
  const url = new URL(own.url);
  await own.asked('CREATE DATABASE upgraded');
  url.pathname = '/upgraded';
  return {
    url: url.href,
    stopImmediately: () => own.stopImmediately(),
    startAgain: () => own.startAgain(),
    remove: () => own.remove(),
  };
}
