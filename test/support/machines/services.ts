import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { foundOrInstalled, onPath } from './packages.ts';

export const REDIS_CONF = resolve('redis.conf');
const REDIS_PASSWORD = 'redis-secret';

/** Address of a Redis of {@link startRedis}, running or not. */
export const redisAt = (port: number, password = REDIS_PASSWORD) =>
  `redis://${password && `:${password}@`}127.0.0.1:${port}`;

export interface RedisServer {
  url: string;
  process: ChildProcess;
  stop: () => Promise<void>;
}

/** A Redis that lets everybody in. */
export const OPEN = ['--requirepass', ''];

/** @param wanted fails when it is taken; 0: any */
export async function freePort(wanted = 0): Promise<number> {
  const probe = createServer().listen(wanted, '127.0.0.1');
  await new Promise((listening, failed) => probe.once('listening', listening).once('error', failed));
  const { port } = probe.address() as AddressInfo;
  await new Promise((closed) => probe.close(closed));
  return port;
}

/**
 * A port for a server that will be away at times: below the range from which the system takes ports for connections
 * (32768 on Linux), which would take it meanwhile, or connect a client that calls it in vain to itself.
 */
export async function quietPort(): Promise<number> {
  for (let tries = 0; tries < 50; tries++) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (await freePort(port).catch(() => null)) return port;
  }
  throw new Error('no free port between 20000 and 32000');
}

/**
 * A real Redis with the project's own redis.conf and a password, on a free loopback port, with its data in a folder
 * of its own.
 * @param more further options, which win over all else; `OPEN` takes the password away
 */
export async function startRedis(port?: number, dir?: string, more: string[] = []): Promise<RedisServer> {
  const folder = dir ?? mkdtempSync(join(tmpdir(), 'moviemind-redis-'));
  const listen = port ?? (await freePort());
  const own = ['--port', String(listen), '--bind', '127.0.0.1', '--dir', folder, '--daemonize', 'no'];
  // A copy: Sentinel has the servers it promotes and demotes rewrite the file they were started with.
  const settings = `${folder}.conf`;
  copyFileSync(REDIS_CONF, settings);
  const secret = ['--requirepass', REDIS_PASSWORD, '--masterauth', REDIS_PASSWORD];
  const args = [settings, ...own, ...secret, ...more];
  // A limit on the size of its files is then an error to it, as a full disk is, and not its end.
  const limited = `trap '' XFSZ; exec "$0" "$@"`;
  const server = spawn('/bin/sh', ['-c', limited, redisServer(), ...args], { stdio: 'ignore' });
  const exited = new Promise((done) => server.once('exit', done));
  const url = redisAt(listen, more.includes(OPEN[0]!) ? '' : REDIS_PASSWORD);
  await untilAnswers(url, server);
  const stop = async () => {
    server.kill('SIGKILL');
    await exited;
    rmSync(settings, { force: true });
    if (!dir) rmSync(folder, { recursive: true, force: true });
  };
  return { url, process: server, stop };
}

/** @throws Error when it refuses to start (a damaged append-only file) or does not answer. */
async function untilAnswers(url: string, server: ChildProcess): Promise<void> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => 50 });
  client.on('error', () => undefined);
  try {
    for (const deadline = Date.now() + 15_000; Date.now() < deadline; await sleep(50)) {
      if (server.exitCode !== null) throw new Error(`redis-server ended with ${server.exitCode}`);
      if (client.status === 'wait') void client.connect().catch(() => undefined);
      if (client.status === 'ready') return;
    }
    throw new Error(`redis-server does not answer at ${url}`);
  } finally {
    client.disconnect();
  }
}

/** `redis-server` from PATH; else from Debian's packages, when this user may install; else one line that says how. */
export function redisServer(): string {
  const path = foundOrInstalled(() => onPath('redis-server'), 'redis-server');
  if (!path)
    throw new Error('The tests need redis-server. Install it: apt-get install redis-server, or brew install redis');
  return path;
}
