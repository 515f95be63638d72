import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import { atEnd } from './ending.ts';

const READY_WITHIN_MS = 15_000;

export interface Services {
  postgres: { url: string; pid: number };
  redis: { url: string; pid: number };
}

/** What all contenders stand on. */
export interface Surroundings {
  services: Services;
  /** URL of the model, with /v1. */
  model: string;
  scale: { profile?: string };
}

/** Of `dist`, which has no types. */
interface EmbeddedServer {
  start(): Promise<string>;
  stop(): Promise<void>;
}

/**
 * The same for all: what PostgreSQL's own defaults would have happen in the middle of a turn (a checkpoint) happens
 * between turns. Commit times are kept to tell when a job was done. fsync and synchronous_commit stay on.
 */
const SETTINGS = {
  track_commit_timestamp: 'on',
  max_wal_size: '8GB',
  checkpoint_timeout: '1h',
  shared_buffers: '256MB',
};

/** A PostgreSQL and a Redis of our own, on loopback, with their data in temporary folders. */
export async function startServices(): Promise<Services> {
  const [postgres, redis] = [await startPostgres(), await startRedis()];
  return { postgres, redis };
}

async function startPostgres(): Promise<Services['postgres']> {
  const module = (await import(resolve('dist/modules/src/embedded/embedded-postgres.js'))) as {
    EmbeddedPostgres: new (folder: string) => EmbeddedServer;
  };
  const folder = temporary('postgres');
  const first = new module.EmbeddedPostgres(folder);
  const url = await first.start();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const [name, value] of Object.entries(SETTINGS)) await client.query(`ALTER SYSTEM SET ${name} = '${value}'`);
  await client.end();
  await first.stop();
  const server = new module.EmbeddedPostgres(folder);
  atEnd(() => server.stop());
  const restarted = await server.start();
  const pid = Number(readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);
  return { url: restarted, pid };
}

async function startRedis(): Promise<Services['redis']> {
  const port = await freePort();
  const folder = temporary('redis');
  const own = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--daemonize', 'no'];
  // The snapshots of its defaults would come in the middle of a turn.
  const options = [resolve('redis.conf'), ...own, '--save', ''];
  const server = spawn('redis-server', options, { stdio: 'ignore', detached: true });
  const exited = once(server, 'close');
  atEnd(() => {
    server.kill('SIGTERM');
    return exited;
  });
  const url = `redis://127.0.0.1:${port}`;
  await answers(url, server);
  return { url, pid: server.pid! };
}

async function answers(url: string, server: ChildProcess): Promise<void> {
  const client = new Redis(url, { retryStrategy: () => 50 });
  client.on('error', () => undefined);
  try {
    for (const deadline = performance.now() + READY_WITHIN_MS; performance.now() < deadline; await sleep(20)) {
      if (server.exitCode !== null) throw new Error(`redis-server ended with ${server.exitCode}`);
      if (client.status === 'ready') return;
    }
    throw new Error('redis-server does not answer');
  } finally {
    client.disconnect();
  }
}

/** A folder that is removed at the end. */
export function temporary(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `moviemind-bench-${name}-`));
  atEnd(async () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
