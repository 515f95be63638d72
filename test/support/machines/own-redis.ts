import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { quietPort, redisAt, type RedisServer, startRedis } from './services.ts';

/** A Redis to be ill-treated: it keeps its port and its folder over deaths, until `remove`. */
export class OwnRedis {
  readonly url: string;
  private readonly folder = mkdtempSync(join(tmpdir(), 'moviemind-redis-'));
  private readonly port: number;
  private server: RedisServer | null = null;

  private constructor(port: number) {
    this.port = port;
    this.url = redisAt(port);
  }

  /** Reserved, not started: for a Redis that is absent at first. */
  static async reserve(): Promise<OwnRedis> {
    return new OwnRedis(await quietPort());
  }

  /** @throws Error when Redis refuses the start */
  async start(...more: string[]): Promise<void> {
    this.server = await startRedis(this.port, this.folder, more);
  }

  /** `kill -9`; also ends one that was frozen. */
  async kill(): Promise<void> {
    const server = this.server;
    this.server = null;
    await server?.stop();
  }

  freeze(): void {
    this.server?.process.kill('SIGSTOP');
  }

  thaw(): void {
    this.server?.process.kill('SIGCONT');
  }

  async ask<T>(question: (client: Redis) => Promise<T>): Promise<T> {
    const client = new Redis(this.url, { maxRetriesPerRequest: 3 });
    client.on('error', () => undefined);
    try {
      return await question(client);
    } finally {
      client.disconnect();
    }
  }

  /** The files of appendonlydir/ that hold commands; the last one is being written. */
  appendFiles(): string[] {
    const folder = join(this.folder, 'appendonlydir');
    if (!existsSync(folder)) return [];
    const files = readdirSync(folder).filter((name) => /\.(aof|rdb)$/.test(name));
    return files.sort((a, b) => Number(/incr/.test(a)) - Number(/incr/.test(b))).map((name) => join(folder, name));
  }

  /** What a power failure does to the last second. @returns bytes taken */
  cutTail(share: number): number {
    const file = this.appendFiles().at(-1)!;
    const { size } = statSync(file);
    const cut = Math.floor(size * share);
    truncateSync(file, size - cut);
    return cut;
  }

  /** Puts other bytes in place of `length` bytes at a place of the last file, 0 ≤ place < 1. */
  scribble(place: number, length: number): void {
    const file = this.appendFiles().at(-1)!;
    const bytes = readFileSync(file);
    bytes.fill('#', Math.floor(bytes.length * place), Math.floor(bytes.length * place) + length);
    writeFileSync(file, bytes);
  }

  /** Changes the content of commands without changing their form. @returns how many places */
  replaceInPayloads(pattern: RegExp, by: (found: string) => string): number {
    const file = this.appendFiles().at(-1)!;
    let places = 0;
    const changed = readFileSync(file, 'latin1').replace(pattern, (found) => {
      places++;
      return by(found);
    });
    writeFileSync(file, changed, 'latin1');
    return places;
  }

  /** All data, as an operator who lost the volume finds it. */
  wipe(): void {
    for (const entry of readdirSync(this.folder)) rmSync(join(this.folder, entry), { recursive: true });
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
