import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { eventually } from '../run/eventually.ts';
import { OwnRedis } from './own-redis.ts';
import { Proxy } from './proxy.ts';
import { quietPort, redisServer } from './services.ts';

const PRIMARY = 'moviemind';

/** A primary, a replica behind a wire of its own, and three Sentinels that watch them. */
export class SentinelSet {
  primary: OwnRedis;
  replica: OwnRedis;
  /** Between the primary and the replica: muted, it makes the replica fall behind. */
  replication: Proxy;
  private readonly folder = mkdtempSync(join(tmpdir(), 'moviemind-sentinel-'));
  private readonly sentinels: { port: number; process: ChildProcess }[] = [];

  static async start(): Promise<SentinelSet> {
    const set = new SentinelSet();
    try {
      await set.startServers();
      for (let n = 0; n < 3; n++) await set.startSentinel(n);
      await eventually(() => set.knowsReplica(), 20_000);
      return set;
    } catch (error) {
      await set.stop();
      throw error;
    }
  }

  /** They have no password of their own, unlike the servers they watch. */
  get settings() {
    return {
      REDIS_SENTINELS: this.sentinels.map(({ port }) => `redis://127.0.0.1:${port}`).join(','),
      REDIS_SENTINEL_NAME: PRIMARY,
      REDIS_PASSWORD: new URL(this.primary.url).password,
    };
  }

  /** Waits until the Sentinels name the replica as primary. */
  async promoted(): Promise<void> {
    const { port } = new URL(this.replica.url);
    await eventually(async () => (await this.ask('get-master-addr-by-name'))[1] === port, 40_000);
  }

  async stop(): Promise<void> {
    for (const { process } of this.sentinels) process.kill('SIGKILL');
    await this.replication?.stop();
    await Promise.all([this.primary?.remove(), this.replica?.remove()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async startServers(): Promise<void> {
    this.primary = await OwnRedis.reserve();
    await this.primary.start();
    this.replication = await Proxy.to(this.primary.url);
    this.replica = await OwnRedis.reserve();
    await this.replica.start('--replicaof', '127.0.0.1', String(this.replication.port));
  }

  private async startSentinel(n: number): Promise<void> {
    const port = await quietPort();
    const file = join(this.folder, `sentinel-${n}.conf`);
    const watch = [
      `monitor ${PRIMARY} 127.0.0.1 ${new URL(this.primary.url).port} 2`,
      `auth-pass ${PRIMARY} ${new URL(this.primary.url).password}`,
      `down-after-milliseconds ${PRIMARY} 1000`,
      `failover-timeout ${PRIMARY} 6000`,
    ];
    const lines = [`port ${port}`, 'bind 127.0.0.1', `dir ${this.folder}`, ...watch.map((line) => `sentinel ${line}`)];
    writeFileSync(file, lines.join('\n'));
    this.sentinels.push({ port, process: spawn(redisServer(), [file, '--sentinel'], { stdio: 'ignore' }) });
  }

  private async knowsReplica(): Promise<boolean> {
    const replicas = await this.ask('replicas').catch(() => []);
    const others = await this.ask('sentinels').catch(() => []);
    return replicas.length > 0 && others.length >= 2;
  }

  private async ask(question: string): Promise<string[]> {
    const client = new Redis({ port: this.sentinels[0]!.port, maxRetriesPerRequest: 1 });
    client.on('error', () => undefined);
    try {
      return (await client.call('SENTINEL', question, PRIMARY)) as string[];
    } finally {
      client.disconnect();
    }
  }
}
