import { eventually } from '../support/run/eventually.js';
import { LEASE_MS } from '../support/machines/cluster.js';
import { clusterFor, FAULT_TIMEOUT_MS, outcomeOf, random, seeded, underLoad, workerAt } from './faults.js';
import { prose } from '../support/model/prose.js';

describe(seeded('workers die'), () => {
  const cluster = clusterFor({ workers: 2 });

  it(
    'fault 11: a worker is killed in the middle of a call; its job is resumed after the lease, the others are unharmed',
    async () => {
      cluster().model.script('Cut Short.', { kind: 'hang' });
      await underLoad(cluster(), async () => {
        await cluster().load.submit('Cut Short.');
        await cluster().replace(await workerAt(cluster(), 'Cut Short.'), 'SIGKILL');
      });
      expect(await cluster().verdict()).toEqual([]);
      expect(await outcomeOf(cluster(), 'Cut Short.')).toMatchObject({ status: 'DONE', attempts: 1, crashes: 1 });
    },
    FAULT_TIMEOUT_MS,
  );

  it(
    'fault 11: a job that kills five workers in a row ends FAILED, and the fleet lives',
    async () => {
      const title = 'Poison.';
      cluster().model.script(title, ...Array.from({ length: 6 }, () => ({ kind: 'hang' as const })));
      await cluster().load.submit(title);
      const replaced = [];
      for (let crash = 1; crash <= 5; crash++) {
        const victim = await workerAt(cluster(), title, crash);
        // Not waited for: while another starts, on a slow machine, the next call could time out, which is no crash.
        replaced.push(cluster().replace(victim, 'SIGKILL'));
        await cluster().load.submit(`Beside The Poison ${crash}.`);
      }
      await Promise.all(replaced);
      expect(await cluster().verdict()).toEqual([]);
      expect(await outcomeOf(cluster(), title)).toMatchObject({
        status: 'FAILED',
        crashes: 5,
        error: { type: 'WORKER_CRASHED' },
      });
      expect(await outcomeOf(cluster(), 'Beside The Poison 5.')).toMatchObject({ status: 'DONE', crashes: 0 });
    },
    FAULT_TIMEOUT_MS,
  );

  it(
    'fault 13: a worker stands still past its lease, and its late write is refused',
    async () => {
      const title = 'Stood Still.';
      const told = (by: string) => ({ description: `${title} From the ${by} worker. ${prose('en-US', by)}` });
      cluster().model.script(
        title,
        { kind: 'answer', delayMs: 500, output: told('old') },
        { kind: 'answer', output: told('new') },
      );
      await cluster().load.submit(title);
      const victim = await workerAt(cluster(), title);
      cluster().freeze(victim);
      await eventually(async () => (await outcomeOf(cluster(), title)).status === 'DONE', 30_000);
      cluster().thaw(victim);
      await eventually(async () => victim.program.output.includes('lease lost'));
      expect(await cluster().verdict()).toEqual([]);
      expect(
        await cluster().rows(
          `SELECT text, crashes FROM movie_descriptions d JOIN generation_jobs j ON j.id = d.job_id
           WHERE request ->> 'subject' = $1`,
          [title],
        ),
      ).toEqual([{ text: told('new').description, crashes: 1 }]);
    },
    FAULT_TIMEOUT_MS,
  );

  it(
    'fault 13: a job slower than its lease keeps it, by heartbeat',
    async () => {
      const title = 'Slower Than Its Lease.';
      cluster().model.script(title, { kind: 'answer', delayMs: 1.5 * LEASE_MS });
      await underLoad(cluster(), () => cluster().load.submit(title));
      expect(await cluster().verdict()).toEqual([]);
      expect(await outcomeOf(cluster(), title)).toMatchObject({ status: 'DONE', attempts: 1, crashes: 0 });
    },
    FAULT_TIMEOUT_MS,
  );

  it(
    'fault 14: every process is told to stop and replaced under load; nothing crashes, no try is counted',
    async () => {
      const crashes = async () =>
        (await cluster().rows(`SELECT COALESCE(sum(crashes), 0)::int AS sum FROM generation_jobs`))[0];
      const before = await crashes();
      const codes: (number | null)[] = [];
      cluster().model.otherwise({ kind: 'answer', delayMs: random.between(50, 300) });
      const accepted = await underLoad(
        cluster(),
        async () => {
          for (const member of cluster().members.slice()) {
            const successor = await cluster().add(member.role);
            expect(successor.program.child.exitCode).toBeNull();
            codes.push(await cluster().end(member, 'SIGTERM'));
          }
        },
        { seconds: 12, rate: 20 },
      );
      expect(codes).toEqual(codes.map(() => 0));
      expect(await cluster().verdict()).toEqual([]);
      expect(await crashes()).toEqual(before);
      const [tries] = await cluster().rows(
        'SELECT max(attempts)::int AS most FROM generation_jobs WHERE id = ANY($1::uuid[])',
        [accepted],
      );
      expect(tries).toEqual({ most: 1 });
    },
    FAULT_TIMEOUT_MS,
  );
});
