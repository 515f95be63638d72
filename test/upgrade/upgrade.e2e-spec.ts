import { clusterFor, FAULT_TIMEOUT_MS, seeded, underLoad } from '../faults/faults.js';
import type { Member } from '../support/machines/cluster.js';
import { eventually } from '../support/run/eventually.js';
import { Program } from '../support/server/process.js';

/** As a release of the future would write it: it adds, and takes nothing away. */
const EXPAND = `
  ALTER TABLE generation_jobs ADD COLUMN of_the_future text, ADD COLUMN counted integer NOT NULL DEFAULT 0;
  ALTER TABLE movies ADD COLUMN of_the_future text;
  ALTER TABLE movie_descriptions ADD COLUMN of_the_future jsonb NOT NULL DEFAULT '{}';
  ALTER TABLE webhook_deliveries ADD COLUMN of_the_future timestamptz;
  ALTER TABLE processes ADD COLUMN of_the_future text;
  CREATE TABLE of_the_future (job_id uuid PRIMARY KEY REFERENCES generation_jobs ON DELETE CASCADE);
  INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'Expand9999999999999')`;
/** What it would write once this program may not be there any more. */
const CONTRACT = `INSERT INTO deployment (least_program) VALUES ('999.0.0')
  ON CONFLICT (one_row) DO UPDATE SET least_program = EXCLUDED.least_program`;

const SERVES = /The database is newer than this program, \S+, and serves it: nothing is migrated/;

describe(seeded('a program that is older than the tables'), () => {
  const cluster = clusterFor();
  const statusOf = async (api: Member) => (await fetch(`${api.url}/health/ready`)).status;

  it(
    'goes on, and is started again, as long as they serve it',
    async () => {
      await underLoad(cluster(), async () => {
        await cluster().rows(EXPAND);
        const former = [...cluster().members];
        const added = await Promise.all([cluster().add('api'), cluster().add('worker')]);
        for (const { program } of added) expect(program.output).toMatch(SERVES);
        await Promise.all(former.map((one) => cluster().end(one, 'SIGTERM')));
        expect(await statusOf(cluster().apis[0]!)).toBe(200);
      });
      expect(await cluster().verdict()).toEqual([]);
    },
    FAULT_TIMEOUT_MS,
  );

  it(
    'says in one line when they do not, and ends: those that run within a beat, and no other starts',
    async () => {
      const shutOut = [...cluster().members];
      await underLoad(cluster(), () => cluster().rows(CONTRACT), { seconds: 1 });
      const codes = await Promise.all(shutOut.map(({ program }) => program.exited));
      expect(codes).toEqual([0, 0]);
      for (const { program } of shutOut)
        expect(program.output.match(/the tables now serve 999\.0\.0 or newer, this is .*: it ends/g)).toHaveLength(1);
      const refused = new Program({ ...cluster().settings, ROLE: 'api' });
      expect(await refused.exited).toBe(1);
      expect(refused.output.trim()).toMatch(
        /^MovieMind cannot start: the database is newer than this program .* and serves 999\.0\.0 or newer, this is .*$/,
      );
      cluster().members.length = 0;
      await cluster().rows('UPDATE deployment SET least_program = NULL');
      await Promise.all([cluster().add('api'), cluster().add('worker')]);
      await eventually(async () => (await cluster().unfinished()) === 0, 30_000);
      expect((await cluster().verdict()).filter((one) => typeof one !== 'string')).toEqual([]);
    },
    FAULT_TIMEOUT_MS,
  );
});
