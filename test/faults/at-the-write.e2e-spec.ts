import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/run/eventually.js';
import type { Cluster, Member } from '../support/machines/cluster.js';
import { type Failpoint, failpoints } from '../support/server/armed.js';
import { clusterFor, FAULT_TIMEOUT_MS, outcomeOf, seeded } from './faults.js';
import { prose } from '../support/model/prose.js';

/** The queue's own record of the delivery of `subject`, for as long as nobody acknowledged it. */
async function delivery(cluster: Cluster, subject: string) {
  const [job] = await cluster.rows<{ id: string; dispatch: number }>(
    `SELECT id, dispatch FROM generation_jobs WHERE request ->> 'subject' = $1`,
    [subject],
  );
  const id = `${job!.id}.${job!.dispatch}`;
  const key = `${cluster.settings.QUEUE_PREFIX}:movies:${id}`;
  const inDatabase = (text: string) => cluster.rows(text, [id]);
  return cluster.redis
    ? {
        exists: () => cluster.redis!.ask(async (client) => (await client.exists(key)) === 1),
        unlock: () => cluster.redis!.ask((client) => client.del(`${key}:lock`)),
      }
    : {
        exists: async () => (await inDatabase('SELECT 1 FROM bullmq.job WHERE id = $1')).length === 1,
        unlock: () => inDatabase('UPDATE bullmq.job SET locked_until_ms = 0 WHERE id = $1'),
      };
}

describe(seeded('workers die or stand still at the write'), () => {
  const cluster = clusterFor({ workers: 0 });
  const armed = failpoints();

  /** The only worker, which meets its fate at the first result. */
  const doomed = (failpoint: Failpoint, more: Record<string, string> = {}): Promise<Member> =>
    cluster().add('worker', { ...armed(failpoint), ...more });
  const endWorkers = async () => {
    for (const worker of cluster().workers) await cluster().end(worker, 'SIGTERM');
  };
  /** Dead by its own hand, which is no offence here. */
  const dead = async (member: Member) => {
    await eventually(async () => member.program.child.signalCode === 'SIGKILL', 30_000);
    await cluster().end(member, 'SIGKILL');
  };

  afterEach(endWorkers);

  it(
    'fault 12: a worker is killed after the model answered and before the write',
    async () => {
      const title = 'Answered Only.';
      const victim = await doomed('die-before-write');
      await cluster().load.submit(title);
      await dead(victim);
      expect(await outcomeOf(cluster(), title)).toMatchObject({ status: 'IN_PROGRESS' });
      await Promise.all([cluster().add('worker'), cluster().add('worker')]);
      expect(await cluster().verdict()).toEqual([]);
      expect(await outcomeOf(cluster(), title)).toMatchObject({ status: 'DONE', attempts: 1, crashes: 1 });
      expect(cluster().model.counts.get(title)).toBe(2);
    },
    FAULT_TIMEOUT_MS,
  );

  it(
    'fault 12: a worker is killed after the write and before the acknowledgement; the queue delivers again, the model is not asked',
    async () => {
      const title = 'Written Already.';
      const victim = await doomed('die-after-write');
      await cluster().load.submit(title);
      await dead(victim);
      expect(await outcomeOf(cluster(), title)).toMatchObject({ status: 'DONE' });
      const unacknowledged = await delivery(cluster(), title);
      expect(await unacknowledged.exists()).toBe(true);
      await Promise.all([cluster().add('worker'), cluster().add('worker')]);
      await unacknowledged.unlock(); // or it would take the rest of the lock's 15 s
      await eventually(async () => !(await unacknowledged.exists()), 40_000);
      expect(await cluster().verdict()).toEqual([]);
      expect(await outcomeOf(cluster(), title)).toMatchObject({ attempts: 1, crashes: 0 });
      expect(cluster().model.counts.get(title)).toBe(1);
    },
    FAULT_TIMEOUT_MS,
  );

  it(
    'fault 13: the event loop of a worker is blocked past its lease; its write is refused though the job is still running elsewhere',
    async () => {
      const title = 'Blocked.';
      const told = (by: string) => ({ description: `${title} From the ${by} worker. ${prose('en-US', by)}` });
      cluster().model.script(
        title,
        { kind: 'answer', output: told('old') },
        { kind: 'answer', delayMs: 3000, output: told('new') },
      );
      const gate = join(tmpdir(), `moviemind-gate-${process.pid}-${Date.now()}`);
      const victim = await doomed('block-before-write', { FAILPOINT_GATE: gate });
      await cluster().load.submit(title);
      await eventually(async () => cluster().model.counts.get(title) === 1);
      await cluster().add('worker');
      await eventually(async () => cluster().model.counts.get(title) === 2, 40_000);
      writeFileSync(gate, 'go on');
      await eventually(async () => victim.program.output.includes('lease lost'), 10_000);
      expect(await outcomeOf(cluster(), title)).toMatchObject({ status: 'IN_PROGRESS' });
      expect(await cluster().verdict()).toEqual([]);
      expect(await cluster().rows('SELECT text FROM movie_descriptions WHERE text LIKE $1', [`${title}%`])).toEqual([
        { text: told('new').description },
      ]);
      expect(await outcomeOf(cluster(), title)).toMatchObject({ status: 'DONE', crashes: 1 });
    },
    FAULT_TIMEOUT_MS,
  );
});
