import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
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

describe('docker-compose.yml', () => {
  it.each([
    ['postgres', ['DATABASE_PASSWORD', 'POSTGRES_PASSWORD']],
    ['redis', ['REDIS_PASSWORD']],
    ['migrate', ['DATABASE_PASSWORD']],
    ['api', ['ADMIN_TOKEN', 'ADMIN_TOKEN_PREVIOUS', 'DATABASE_PASSWORD', 'REDIS_PASSWORD']],
    ['worker', ['DATABASE_PASSWORD', 'OPENAI_API_KEY', 'REDIS_PASSWORD']],
    ['backup', ['DATABASE_PASSWORD']],
  ])('gives %s the secrets %j, and no other', (name, secrets) => {
    const given = JSON.stringify(services[name]).match(/(?<=\$\{)\w*(PASSWORD|TOKEN|PREVIOUS|KEY)(?=:)/g);
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
    const { command, volumes, ports } = services.redis!;
    expect(command.slice(1, 4)).toEqual([
      '/usr/local/etc/redis/redis.conf',
      '--requirepass',
      expect.stringMatching(/^\$\{REDIS_PASSWORD:\?/),
    ]);
    expect(volumes).toEqual(['redis_data:/data', './redis.conf:/usr/local/etc/redis/redis.conf:ro']);
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
    expect(services.api!.ports).toEqual(['${BIND:-127.0.0.1}:${PORT:-3000}:3000']);
  });

  it("has passwords changed by a statement that a volume of any age takes: the program's by its own role", () => {
    const statements = readFileSync('.env.example', 'utf8').matchAll(/psql -U (\w+) -c "ALTER ROLE (\w+) PASSWORD/g);
    expect([...statements].map(([, by, of]) => [by, of])).toEqual([
      ['postgres', 'postgres'],
      ['moviemind', 'moviemind'],
    ]);
  });

  it('runs an image whose npx asks no registry, and whose files the program may read under any umask of the clone', () => {
    const last = /^FROM \S+ AS app\n(.*?)^FROM /ms.exec(readFileSync('Dockerfile', 'utf8'))?.[1];
    const copied = [...last!.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, files]) => files!.split(' '));
    const readable = /^RUN chmod -R a\+rX (.*)$/m.exec(last!)?.[1]?.split(' ');
    expect(last).toMatch(/^ENV .*\bNPM_CONFIG_UPDATE_NOTIFIER=false$/m);
    expect(readable?.sort()).toEqual(copied.sort());
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

  it('takes what .env.example names, and nothing else', () => {
    const named = [...readFileSync('.env.example', 'utf8').matchAll(/^(\w+)=/gm)].map(([, name]) => name!);
    const taken = new Set([...text.matchAll(/\$\{(\w+):/g)].map(([, name]) => name!));
    expect([...taken].sort()).toEqual(named.sort());
  });
});
