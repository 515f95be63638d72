import { Redis } from 'ioredis';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DetailDto } from '../src/health/detail.dto.js';
import type { JobDto } from '../src/jobs/jobs.dto.js';
import { Program } from './support/server/process.js';
import { cloneDatabase, eventually } from './support/server/server.js';
import { OPEN, quietPort, type RedisServer, redisServer, startRedis } from './support/machines/services.js';

const TOKEN = 'a-long-enough-admin-token';

/** Redis by TLS, with certificates of an authority that nobody knows, a user, and a database that is not the first. */
describe('a Redis that wants TLS, a user and a database', () => {
  const folder = mkdtempSync(join(tmpdir(), 'moviemind-tls-'));
  const file = (name: string) => join(folder, name);
  const started: RedisServer[] = [];
  const clients: Redis[] = [];
  let sentinel: ChildProcess | undefined;
  let database: Awaited<ReturnType<typeof cloneDatabase>>;

  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore' });
  const tls = (...more: string[]) => {
    const files = [
      '--tls-cert-file',
      file('own.pem'),
      '--tls-key-file',
      file('own.key'),
      '--tls-ca-cert-file',
      file('ca.pem'),
    ];
    return [...files, '--tls-auth-clients', 'no', '--tls-replication', 'yes', ...more];
  };

  beforeAll(async () => {
    const key = ['-newkey', 'rsa:2048', '-nodes', '-days', '2'];
    openssl('req', '-x509', ...key, '-keyout', file('ca.key'), '-out', file('ca.pem'), '-subj', '/CN=Tests');
    openssl('req', ...key, '-keyout', file('own.key'), '-out', file('own.csr'), '-subj', '/CN=localhost');
    writeFileSync(file('names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1');
    const signed = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-days', '2'];
    openssl('x509', '-req', '-in', file('own.csr'), ...signed, '-extfile', file('names'), '-out', file('own.pem'));
    database = await cloneDatabase();
  }, 60_000);

  afterAll(async () => {
    sentinel?.kill('SIGKILL');
    for (const client of clients) client.disconnect();
    for (const redis of started) await redis.stop();
    rmSync(folder, { recursive: true, force: true });
    await database?.drop();
  });

  /** @returns its port for TLS, and a client on the other one */
  const startWithTls = async (...more: string[]) => {
    const port = await quietPort();
    const redis = await startRedis(await quietPort(), undefined, tls('--tls-port', String(port), ...more));
    const admin = new Redis(redis.url);
    started.push(redis);
    clients.push(admin);
    await admin.call('ACL', 'SETUSER', 'mover', 'on', '>p@ss', '~*', '&*', '+@all');
    return { port, admin };
  };

  const startSentinel = async (watched: number) => {
    const port = await quietPort();
    const lines = [
      'port 0',
      `tls-port ${port}`,
      'bind 127.0.0.1',
      `dir ${folder}`,
      ...tls()
        .join(' ')
        .split(' --')
        .map((option) => option.replace(/^--/, '')),
      'user default off',
      'user looker on >look ~* &* +@all',
      `sentinel monitor films 127.0.0.1 ${watched} 1`,
      'sentinel auth-user films mover',
      'sentinel auth-pass films p@ss',
    ];
    writeFileSync(file('sentinel.conf'), lines.join('\n'));
    sentinel = spawn(redisServer(), [file('sentinel.conf'), '--sentinel'], { stdio: 'ignore' });
    return port;
  };

  const withProgram = async (
    settings: Record<string, string>,
    look: (ask: typeof fetch, program: Program) => Promise<void>,
  ) => {
    const program = new Program({
      DATABASE_URL: database.url,
      QUEUE_CONNECTION: 'redis',
      QUEUE_PREFIX: 'tls',
      NODE_EXTRA_CA_CERTS: file('ca.pem'),
      AUTH_REQUIRED: 'false',
      ADMIN_TOKEN: TOKEN,
      ...settings,
    });
    let ended: number | null;
    try {
      const url = await program.ready();
      const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
      await look((path, request) => fetch(`${url}${path as string}`, { headers, ...request }), program);
      // The banner is for people; all else is our log, whoever wrote it.
      const [, after = ''] = program.output.split(/^.* stops it, with all that it started\.$/m);
      const foreign = after.split('\n').filter((line) => line.trim() && !line.startsWith('{'));
      expect([foreign, program.output.match(/^\[\w+\] .*/m)]).toEqual([[], null]);
    } finally {
      ended = await program.end('SIGTERM');
    }
    if (ended !== 0) throw new Error(`ended with ${ended}: ${program.output}`);
  };
  const detailOf = async (ask: typeof fetch) => (await (await ask('/health/detail')).json()) as DetailDto;

  /** @returns once its status is kept in the database that `admin` looks into */
  const runsAJob = async (ask: typeof fetch, title: string, admin: Redis) => {
    const body = JSON.stringify({ title, release_year: 2000 });
    const { job_id } = (await (await ask('/movies/generate', { method: 'POST', body })).json()) as JobDto;
    const done = async () => ((await (await ask(`/jobs/${job_id}`)).json()) as JobDto).status === 'DONE';
    await eventually(done, 30_000);
    await eventually(async () => (await detailOf(ask)).redis?.state === 'up');
    // Whoever polls while Redis does not answer in time is served by PostgreSQL; the next poll keeps it.
    await eventually(async () => (await done()) && (await admin.exists(`tls:job:${job_id}`)) === 1);
  };

  it('is reached by its URL', async () => {
    const { port, admin } = await startWithTls();
    const url = `rediss://mover:p%40ss@localhost:${port}`;
    await withProgram({ REDIS_URL: `${url}/2` }, async (ask) => {
      await admin.select(2);
      await runsAJob(ask, 'By URL', admin);
    });
    const wrong: [settings: Record<string, string>, trouble: RegExp][] = [
      [{ REDIS_URL: url, NODE_EXTRA_CA_CERTS: '' }, /certificate/],
      [{ REDIS_URL: url.replace('p%40ss', 'wrong') }, /WRONGPASS/],
      [{ REDIS_URL: `${url}/99` }, /DB index is out of range/],
    ];
    for (const [settings, trouble] of wrong)
      await withProgram(settings, async (ask, program) => {
        await eventually(async () => trouble.test((await detailOf(ask)).redis?.trouble ?? ''));
        const { warnings } = await detailOf(ask);
        expect(warnings).toContainEqual(expect.stringMatching(/^Redis does not answer \(.+\): requests are accepted/));
        expect(program.output).not.toMatch(/p@ss|p%40ss/);
      });
    expect(await admin.info('keyspace')).not.toMatch(/db0/);
  }, 90_000);

  it('is reached by Sentinels that want TLS and a user of their own', async () => {
    const { port, admin } = await startWithTls();
    const watching = await startSentinel(port);
    const own = { REDIS_SENTINEL_NAME: 'films', REDIS_USERNAME: 'mover', REDIS_PASSWORD: 'p@ss', REDIS_DB: '3' };
    const ways: Record<string, string>[] = [
      { REDIS_SENTINELS: `rediss://looker:look@localhost:${watching}` },
      {
        REDIS_SENTINELS: `rediss://localhost:${watching}`,
        REDIS_SENTINEL_USERNAME: 'looker',
        REDIS_SENTINEL_PASSWORD: 'look',
      },
    ];
    await admin.select(3);
    for (const [n, way] of ways.entries())
      await withProgram({ ...own, ...way }, async (ask) => {
        await runsAJob(ask, `By Sentinel ${n}`, admin);
      });
  }, 90_000);

  it('is reached as a Cluster', async () => {
    const bus = String(await quietPort());
    const { port, admin } = await startWithTls(
      '--cluster-enabled',
      'yes',
      '--cluster-port',
      bus,
      '--tls-cluster',
      'yes',
      '--cluster-announce-ip',
      '127.0.0.1',
    );
    await admin.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383);
    await eventually(async () => /cluster_state:ok/.test((await admin.call('CLUSTER', 'INFO')) as string));
    await withProgram({ REDIS_CLUSTER_NODES: `rediss://mover:p%40ss@localhost:${port}` }, async (ask) => {
      await runsAJob(ask, 'By Cluster', admin);
    });
  }, 60_000);

  it('without a password is reached by one who has one, and the client says so once, in the log', async () => {
    const redis = await startRedis(undefined, undefined, OPEN);
    const admin = new Redis(redis.url);
    started.push(redis);
    clients.push(admin);
    await withProgram({ REDIS_URL: redis.url.replace('//', '//:superfluous@') }, async (ask, program) => {
      await runsAJob(ask, 'Superfluous', admin);
      const said = program.output.split('\n').filter((line) => /does not require a password/.test(line));
      expect(said.map((line) => (JSON.parse(line) as { context: string }).context)).toEqual(['Redis']);
    });
  }, 60_000);
});
