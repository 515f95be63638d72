import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

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
const SHAPES = ['database', 'ha', 'monitoring', 'proxy', 'secrets'];

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

/** @returns how a script ended, and what it said */
function run(script: string, env: Record<string, string>, ...args: string[]): [status: string, said: string] {
  const { status, stdout, stderr } = spawnSync('sh', [script, ...args], {
    env: { PATH: process.env.PATH!, ...env },
    encoding: 'utf8',
  });
  return [String(status), stdout + stderr];
}
