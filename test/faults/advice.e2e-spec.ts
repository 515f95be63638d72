import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import pg from 'pg';
import type { DetailDto } from '../../src/health/detail.dto.js';
import { eventually } from '../support/run/eventually.js';
import { onRedis } from '../support/run/on-driver.js';
import { Program } from '../support/server/process.js';
import { Cluster } from '../support/machines/cluster.js';
import { FAULT_TIMEOUT_MS, seeded, underLoad } from './faults.js';

const ADMIN_TOKEN = 'admin-0123456789abcdef';
const CLI = join(process.cwd(), 'dist/src/cli.js');

describe(seeded('Redis is set wrongly'), () => {
  let cluster: Cluster | undefined;

  afterEach(() => cluster?.stop(), 60_000);

  const detail = async (url: string) => {
    const answer = await fetch(`${url}/health/detail`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
    return (await answer.json()) as DetailDto;
  };
  const doctor = async (url: string) => {
    const program = new Program({ MOVIEMIND_URL: url, MOVIEMIND_TOKEN: ADMIN_TOKEN }, CLI, ['doctor']);
    const code = await program.exited;
    const lines = program.stdout
      .trim()
      .split('\n')
      .filter((line) => !line.startsWith('not seen: '));
    return { code, lines: lines.map((line) => line.replace(/^(critical|warning): /, '')) };
  };

  onRedis(
    'fault 8: it evicts and keeps no append-only file; start log, /health/detail and doctor say so in one line each, and what it evicts runs all the same',
    async () => {
      cluster = await Cluster.start({
        driver: DRIVER,
        workers: 2,
        redisOptions: ['--maxmemory-policy', 'allkeys-random', '--appendonly', 'no'],
        settings: { ADMIN_TOKEN },
      });
      const [api] = cluster.apis;
      const lines = [
        'Redis: the append-only file is off, a restart empties the queue; set appendonly yes',
        'Redis: maxmemory-policy is allkeys-random, queued jobs may be evicted; set maxmemory-policy noeviction',
      ];
      expect((await detail(api!.url)).warnings).toEqual(lines);
      // On a busy machine Redis may once be asked for longer than doctor waits.
      await eventually(async () => isDeepStrictEqual(await doctor(api!.url), { code: 1, lines }));
      for (const { program } of cluster.members) {
        await eventually(async () => lines.every((line) => program.output.includes(line)));
        for (const line of lines) expect(program.output.split(line)).toHaveLength(2);
        expect(program.output).not.toContain('IMPORTANT!');
      }

      cluster.model.otherwise({ kind: 'answer', delayMs: 500 });
      const { redis } = cluster;
      const memory = (bytes: number) => redis!.ask((client) => client.config('SET', 'maxmemory', bytes));
      const evicted = () =>
        redis!.ask(async (client) => Number(/evicted_keys:(\d+)/.exec(await client.info('stats'))![1]));
      await underLoad(cluster, async () => {
        // What is in use falls by itself as well, so the limit is set anew until it has bitten.
        await eventually(async () => {
          const [, used] = /used_memory:(\d+)/.exec(await redis!.ask((client) => client.info('memory')))!;
          await memory(Number(used) - 50_000);
          return (await evicted()) > 10;
        });
        await memory(0);
      });
      expect(await cluster.verdict()).toEqual([]);
    },
    FAULT_TIMEOUT_MS,
  );

  onRedis(
    'fault 8: set as shipped, nobody has anything to say, until PostgreSQL is set to forget',
    async () => {
      cluster = await Cluster.start({ driver: DRIVER, settings: { ADMIN_TOKEN } });
      const [api] = cluster.apis;
      // A worker counts as one when its connections are there.
      await eventually(async () =>
        (await detail(api!.url)).queues?.every(({ workers }) => workers === cluster!.workers.length),
      );
      expect((await detail(api!.url)).warnings).toEqual([]);
      expect((await doctor(api!.url)).code).toBe(0);
      for (const { program } of cluster.members) expect(program.output).not.toMatch(/Redis: /);

      const { postgres } = cluster;
      const database = new pg.Client({ connectionString: postgres.url });
      await database.connect();
      for (const name of ['fsync', 'synchronous_commit', 'full_page_writes'])
        await database.query(`ALTER SYSTEM SET ${name} = off`);
      await database.query('SELECT pg_reload_conf()');
      await database.end();
      const careless = [
        'PostgreSQL: fsync is off, a power failure may lose the whole database; set fsync on',
        'PostgreSQL: synchronous_commit is off, a power failure may lose the last requests it accepted; set synchronous_commit on',
        'PostgreSQL: full_page_writes is off, a power failure may lose pages of the database; set full_page_writes on',
      ];
      await eventually(async () => (await detail(api!.url)).warnings.length === careless.length);
      expect(await doctor(api!.url)).toEqual({ code: 1, lines: careless });
    },
    FAULT_TIMEOUT_MS,
  );
});
