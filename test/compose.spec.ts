import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { SETTINGS } from '../src/config/config.js';
import { given } from '../src/config/environment.js';

interface Service {
  image: string;
  build?: unknown;
  environment: Record<string, string>;
  logging?: { options: Record<string, string> };
  mem_limit?: string;
  command: string[];
  volumes: string[];
  ports?: string[];
}

const text = readFileSync('docker-compose.yml', 'utf8');
const compose = parse(text, { merge: true }) as { services: Record<string, Service>; volumes: object };
const { services } = compose;
/** The files of deploy/compose. */
const SHAPES = ['database', 'ha', 'monitoring', 'proxy', 'secrets', 'tones'];
/** Settings that no shape passes on, and why. */
const NOT_PASSED = {
  'here it is the port of the machine': ['PORT'],
  'the image listens on every address of its container, and there keys are needed': ['HOST', 'AUTH_REQUIRED'],
  'it has a meaning without keys alone': ['HOST_ALLOWED'],
  'no pooler stands before the server of these files': ['DATABASE_DIRECT_URL'],
  'the image has no PostgreSQL of its own': ['DATA_DIR'],
  'Redis is that of these files, or its Sentinels, with one password': [
    'REDIS_SENTINEL_USERNAME',
    'REDIS_SENTINEL_PASSWORD',
    'REDIS_CLUSTER_NODES',
    'REDIS_USERNAME',
    'REDIS_DB',
  ],
  'it is for trying the program out': ['MOCK_LATENCY_MS'],
  'its name without TRACES does the same: there is nothing but traces': [
    'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    'OTEL_EXPORTER_OTLP_TRACES_HEADERS',
    'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL',
    'OTEL_EXPORTER_OTLP_TRACES_TIMEOUT',
  ],
  'without an endpoint there are no traces': ['OTEL_TRACES_EXPORTER', 'OTEL_SDK_DISABLED'],
  'its default serves a collector of any size': [
    'OTEL_EXPORTER_OTLP_TIMEOUT',
    'OTEL_BSP_SCHEDULE_DELAY',
    'OTEL_BSP_EXPORT_TIMEOUT',
    'OTEL_BSP_MAX_QUEUE_SIZE',
    'OTEL_BSP_MAX_EXPORT_BATCH_SIZE',
  ],
};

describe('docker-compose.yml', () => {
  it.each([
    ['postgres', ['DATABASE_PASSWORD', 'POSTGRES_PASSWORD']],
    ['redis', ['REDIS_PASSWORD']],
    ['migrate', ['DATABASE_PASSWORD']],
    ['api', ['ADMIN_TOKEN', 'ADMIN_TOKEN_PREVIOUS', 'DATABASE_PASSWORD', 'REDIS_PASSWORD']],
    ['worker', ['DATABASE_PASSWORD', 'OPENAI_API_KEY', 'REDIS_PASSWORD', 'TMDB_API_KEY']],
    ['backup', ['DATABASE_PASSWORD']],
  ])('gives %s the secrets %j, and no other', (name, secrets) => {
    const given = JSON.stringify(services[name]).match(/(?<=\$\{)\w*(PASSWORD|TOKEN|PREVIOUS|KEY)(?=[:?-])/g);
    expect([...new Set(given)].sort()).toEqual(secrets);
  });

  it('bounds the log and the memory of every service', () => {
    expect(Object.keys(services)).toEqual(['postgres', 'redis', 'migrate', 'api', 'worker', 'backup']);
    for (const { logging, mem_limit } of Object.values(services))
      expect([logging?.options, mem_limit]).toEqual([
        { 'max-size': expect.stringMatching(/m$/), 'max-file': expect.any(String) },
        expect.stringMatching(/^\$\{\w+_MEMORY:-\d+[mg]\}$/),
      ]);
  });

  it('has a Redis that wants a password, keeps its data in a named volume, and is reached by the other services only', () => {
    const { environment, volumes, ports } = services.redis!;
    expect(environment.REDIS_PASSWORD).toMatch(/^\$\{REDIS_PASSWORD\?/);
    expect(volumes.slice(0, 2)).toEqual(['redis_data:/data', './redis.conf:/usr/local/etc/redis/redis.conf:ro']);
    expect(compose.volumes).toHaveProperty('redis_data');
    expect([ports, services.redis]).toEqual([
      undefined,
      expect.not.objectContaining({ network_mode: expect.anything() }),
    ]);
  });

  it('puts no password into a URL, where some characters would end it, and answers this machine alone', () => {
    const urls = Object.values(services).flatMap(({ environment }) =>
      Object.entries(environment).flatMap(([name, value]) => (name.endsWith('_URL') ? [value] : [])),
    );
    expect(urls.filter((url) => url.includes('PASSWORD'))).toEqual([]);
    expect(services.api!.ports).toEqual(['${BIND:-127.0.0.1}:${PORT:-3000}${MORE_PORTS:-}:3000']);
  });

  it("has passwords changed by a statement that a volume of any age takes: the program's by its own role", () => {
    const statements = readFileSync('.env.example', 'utf8').matchAll(/psql -U (\w+) -c "ALTER ROLE (\w+) PASSWORD/g);
    expect([...statements].map(([, by, of]) => [by, of])).toEqual([
      ['postgres', 'postgres'],
      ['moviemind', 'moviemind'],
    ]);
  });

  it('refuses each secret that is missing, and its services refuse each that is empty', () => {
    const wanted = [...text.matchAll(/\$\{(\w+)\?set \1 in \.env, see \.env\.example\}/g)].map(([, name]) => name!);
    expect([...new Set(wanted)].sort()).toEqual([
      'ADMIN_TOKEN',
      'DATABASE_PASSWORD',
      'POSTGRES_PASSWORD',
      'REDIS_PASSWORD',
    ]);
    for (const script of ['docker/redis.sh', 'docker/postgres-init.sh'])
      expect(run(script, { REDIS_PASSWORD: '', DATABASE_PASSWORD: '' })).toEqual([
        expect.not.stringMatching(/^0$/),
        expect.stringMatching(/(REDIS|DATABASE)_PASSWORD:? is empty: set it in \.env, see \.env\.example/),
      ]);
  });

  it('tells Redis its password by stdin, from the environment or from a file, whatever characters it has', () => {
    const folder = mkdtempSync(join(tmpdir(), 'moviemind-compose-'));
    try {
      for (const [name, line] of [
        ['docker-entrypoint.sh', 'echo "$*"; cat'],
        ['redis-cli', 'echo "$REDISCLI_AUTH $*"'],
      ] as const)
        writeFileSync(join(folder, name), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
      const file = join(folder, 'password');
      writeFileSync(file, 'in a \\ "file"\n');
      const PATH = `${folder}:${process.env.PATH}`;
      const options = { PATH, REDIS_OPTIONS: 'maxmemory 64mb' };
      const [, started] = run('docker/redis.sh', { ...options, REDIS_PASSWORD: '', REDIS_PASSWORD_FILE: file });
      expect(started).toMatch(/^redis-server -\n/);
      expect(started).toContain('\nrequirepass "in a \\\\ \\"file\\""\n');
      expect(started).toContain('\nmaxmemory 64mb\n');
      expect(run('docker/redis.sh', { PATH, REDIS_PASSWORD: 'p$w' }, 'ping')).toEqual(['0', 'p$w -e ping\n']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('makes a backup each day where its profile is asked for, with the tools of the image that the server runs', () => {
    const { backup, postgres } = services;
    expect(backup).toMatchObject({ profiles: ['backup'], volumes: ['backups:/backups'], build: { target: 'backup' } });
    expect((backup!.build as { args: object }).args).toEqual({ POSTGRES_IMAGE: postgres!.image });
    const dockerfile = readFileSync('Dockerfile', 'utf8');
    expect(
      `\${${/^ARG (POSTGRES_IMAGE)=/m.exec(dockerfile)![1]}:-${/^ARG POSTGRES_IMAGE=(.*)$/m.exec(dockerfile)![1]}}`,
    ).toBe(postgres!.image);
    expect(dockerfile.trimEnd()).toMatch(/\nFROM app$/);
    expect(spawnSync('sh', ['-nc', backup!.command[2]!.replaceAll('$$', '$')]).status).toBe(0);
  });

  it('makes backups by an image that knows the authorities of certificates: sslmode=verify-full needs them', () => {
    const [, stage] = readFileSync('Dockerfile', 'utf8').split(' AS backup\n');
    const [install] = /apt-get install[^&]*&&[^&\n]*/.exec(stage!.split('\nFROM ')[0]!)!;
    expect(install).toMatch(/--no-install-recommends ca-certificates\s.*rm -rf \/var\/lib\/apt\/lists\/\*/s);
  });

  it('runs as npm start does, with the space for young objects bounded', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    const [bound] = /--max-semi-space-size=\d+/.exec(scripts.start!)!;
    const [, command] = /^CMD (\["node".+main\.js"\])$/m.exec(readFileSync('Dockerfile', 'utf8'))!;
    expect(JSON.parse(command!)).toContain(bound);
    for (const file of ['docs/operate.md', 'bench/support/program.ts'])
      expect(readFileSync(file, 'utf8')).toContain(bound);
  });

  it('takes what .env.example names, and nothing else, in each of its shapes', () => {
    const named = [...readFileSync('.env.example', 'utf8').matchAll(/^(\w+)=/gm)].map(([, name]) => name!);
    const all = [text, ...SHAPES.map((shape) => readFileSync(`deploy/compose/${shape}.yml`, 'utf8'))].join('\n');
    const taken = new Set([...all.matchAll(/\$\{(\w+)[:?-]/g)].map(([, name]) => name!));
    expect([...taken].sort()).toEqual(named.sort());
  });

  it('passes on every setting of the program, save those that have a reason', () => {
    const files = ['docker-compose.yml', ...SHAPES.map((shape) => `deploy/compose/${shape}.yml`)];
    const passed = files.flatMap((file) => {
      const shape = parse(readFileSync(file, 'utf8'), { merge: true }) as typeof compose;
      return [shape.services.api, shape.services.worker].flatMap((service) => Object.keys(service?.environment ?? {}));
    });
    const lacking = Object.keys(SETTINGS).filter((name) => !passed.includes(name));
    expect(lacking.sort()).toEqual(Object.values(NOT_PASSED).flat().sort());
  });

  it('tells the API and the workers the same of what acts at both ends', () => {
    for (const name of ['DAILY_TOKEN_BUDGET', 'LOCALES', 'JOB_LEASE_MS', 'QUEUE_PREFIX'])
      expect([services.api, services.worker].map((service) => service!.environment[name])).toEqual(
        Array(2).fill(`\${${name}:-}`),
      );
    // Empty counts as unset: the program's own default holds.
    const unset = Object.keys({ ...services.api!.environment, ...services.worker!.environment }).filter((name) =>
      text.includes(`${name}: \${${name}:-}`),
    );
    expect(given(Object.fromEntries(unset.map((name) => [name, ''])))).toEqual({});
  });

  it.each(SHAPES)('%s.yml bounds its logs and opens no port to other machines by itself', (shape) => {
    const added = parse(readFileSync(`deploy/compose/${shape}.yml`, 'utf8'), { merge: true }) as typeof compose;
    for (const { ports = [] } of Object.values(added.services)) {
      for (const port of ports) expect(port).toMatch(/^(127\.0\.0\.1|\$\{\w+:-127\.0\.0\.1\}):/);
    }
    const own = Object.entries(added.services).filter(([name]) => !(name in services));
    for (const [name, { logging, mem_limit }] of own)
      expect([name, logging?.options, mem_limit]).toEqual([
        name,
        { 'max-size': '10m', 'max-file': '5' },
        expect.stringMatching(/^(\d+m|\$\{\w+_MEMORY:-\d+[mg]\})$/),
      ]);
    for (const script of JSON.stringify(added).matchAll(/deploy\/compose\/[\w-]+\.sh/g))
      expect(spawnSync('sh', ['-n', script[0]]).status).toBe(0);
    expect(spawnSync('bash', ['-n', 'deploy/verify.sh']).status).toBe(0);
  });
});

describe('the data of PostgreSQL', () => {
  it('lie on the named volume, whatever version the image is of', () => {
    const shapes = ['docker-compose.yml', ...SHAPES.map((shape) => `deploy/compose/${shape}.yml`)];
    const servers = shapes.flatMap((file) =>
      Object.values((parse(readFileSync(file, 'utf8'), { merge: true }) as typeof compose).services).filter(
        ({ image }) => image?.includes('POSTGRES_IMAGE'),
      ),
    );
    expect(servers.length).toBe(2);
    for (const { environment, volumes } of servers) {
      const [, place] = volumes[0]!.split(':');
      expect([place, environment.PGDATA]).toEqual(['/var/lib/postgresql', '/var/lib/postgresql/18/docker']);
    }
  });
});

describe('deploy/compose/postgres-node.sh', () => {
  let folder: string;
  let data: string;

  /** What stands in for the programs of the image. The other server answers a line of `answers` a question. */
  const PROGRAMS = {
    psql: 'echo asked >> "$STUBS/asked"; line=$(head -n 1 "$STUBS/answers"); sed -i 1d "$STUBS/answers"; echo "$line"',
    gosu: 'shift; exec "$@"',
    pg_basebackup: 'echo 18 > "$2/PG_VERSION"; : > "$2/standby.signal"',
    'docker-entrypoint.sh': 'if [ -s "$PGDATA/PG_VERSION" ]; then echo "started $*"; else echo "started anew"; fi',
    chown: ':',
    sleep: ':',
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moviemind-node-'));
    data = join(folder, 'volume', '18', 'docker');
    mkdirSync(join(folder, 'volume', '18'), { recursive: true });
    for (const [name, line] of Object.entries(PROGRAMS))
      writeFileSync(join(folder, name), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A start while the other one answers so: f as one that takes writes, t as a standby, nothing while it is away. */
  const start = (answers: string[], first?: string): string => {
    writeFileSync(join(folder, 'answers'), `${answers.join('\n')}\n`);
    const names = { OTHER: 'the-other', REPLICATION_PASSWORD: 'secret', ...(first && { FIRST: first }) };
    const stubs = { PATH: `${folder}:${process.env.PATH}`, STUBS: folder, PGDATA: data };
    const [status, said] = run('deploy/compose/postgres-node.sh', { ...names, ...stubs });
    expect(/^started/m.test(said)).toBe(status === '0');
    return said;
  };
  const questions = () => readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n').length;
  const holds = (...files: string[]) => {
    mkdirSync(data);
    for (const file of files) writeFileSync(join(data, file), '18\n');
  };

  it('keeps a former primary refused when the other one is away, until its volume was filled anew', () => {
    holds('PG_VERSION');
    for (const answers of [['f'], [], ['t'], ['f']]) expect(start(answers)).toMatch(/takes writes, and so did this/);
    rmSync(data, { recursive: true });
    expect(start([], 'this')).toMatch(/the-other does not answer/);
    expect(start(['', 'f'], 'this')).toMatch(/^started postgres[^]*\nfilling the volume/);
    rmSync(join(data, 'standby.signal'));
    expect(start(['t'])).toMatch(/^started postgres/);
  });

  it('refuses it no longer when somebody made a standby of it by hand', () => {
    holds('PG_VERSION');
    expect(start(['f'])).toMatch(/takes writes, and so did this one/);
    writeFileSync(join(data, 'standby.signal'), '');
    expect(start(['f'])).toMatch(/^started postgres/);
    rmSync(join(data, 'standby.signal'));
    expect(start([])).toMatch(/^started postgres/);
  });

  it('finds out that the other one takes writes although it restarts just then', () => {
    holds('PG_VERSION');
    expect(start(['', '', '', 'f'])).toMatch(/takes writes, and so did this one/);
  });

  it('starts a primary beside its standby at once, and beside none after some questions; a standby asks nobody', () => {
    holds('PG_VERSION');
    expect(start(['t'])).toMatch(/^started postgres/);
    expect(questions()).toBe(1);
    expect(start([])).toMatch(/^started postgres/);
    expect(questions()).toBe(11);
    writeFileSync(join(data, 'standby.signal'), '');
    expect(start(['f'])).toMatch(/^started postgres/);
    expect(questions()).toBe(11);
  });

  it.each([
    ['the first, where the other one never answers', [], 'this', /^started anew/],
    ['no other', [], undefined, /the-other does not answer/],
    ['not the first after a changeover, where the other one takes writes', [], 'the-other', /does not answer/],
    [
      'not beside one that takes writes, and answers late',
      ['', '', 'f'],
      'this',
      /^started postgres[^]*\nfilling the volume/,
    ],
    ['not beside one that follows', ['', 't'], 'this', /the-other follows a server that is gone/],
  ])('starts anew with an empty volume: %s', (_, answers, first, said) => {
    expect(start(answers, first)).toMatch(said);
    expect(questions()).toBe(answers.length || (first === 'this' ? 10 : 20));
  });
});

/** @returns how a script ended, and what it said */
function run(script: string, env: Record<string, string>, ...args: string[]): [status: string, said: string] {
  const { status, stdout, stderr } = spawnSync('sh', [script, ...args], {
    env: { PATH: process.env.PATH!, ...env },
    encoding: 'utf8',
  });
  return [String(status), stdout + stderr];
}
