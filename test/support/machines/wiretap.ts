import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { PostgresRequests, RedisRequests } from './wire-requests.js';

/** What a client had a server do, and with what: the transaction, or the commands sent together. */
export interface Said {
  /** A statement; or a command of Redis with its script. */
  text: string;
  /** Equal for what belongs together; else of its own. */
  group: number;
  /** The first of what was sent without waiting for an answer in between. */
  begins: boolean;
}

/** Cuts what a client sends into what it says. */
export interface Requests {
  take(bytes: Buffer): Said[];
  /** The server has answered: what comes next waited for it. */
  answered(): void;
}

/**
 * A wire to PostgreSQL or Redis that passes everything on and keeps what the clients said. What a process says by
 * itself, again and again, is learned while nobody asks it anything, and does not count.
 */
export class Wiretap {
  readonly port: number;
  /** What was said since the last count. */
  private said: Said[] = [];
  /** One of them a session says by the clock, too seldom to be learned. */
  private background = new Set(['DISCARD PLANS']);
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  private constructor(server: Server, target: URL) {
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
    const kind = target.protocol === 'redis:' ? RedisRequests : PostgresRequests;
    const to = { host: target.hostname, port: Number(target.port || (kind === RedisRequests ? 6379 : 5432)) };
    server.on('connection', (client) => this.join(client, connect(to), new kind()));
  }

  static async on(url: string): Promise<Wiretap> {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    return new Wiretap(server, new URL(url));
  }

  /** The same URL by way of this wire. */
  around(url: string): string {
    const own = new URL(url);
    own.host = `127.0.0.1:${this.port}`;
    return own.href;
  }

  /** Takes what has been said so far for what is always said. @returns whether there was anything new in it */
  learn(): boolean {
    const known = this.background.size;
    for (const { text } of this.said.splice(0)) this.background.add(text);
    return this.background.size > known;
  }

  /** What another process of the same kind always says, this one does too. */
  learnFrom(other: Wiretap): void {
    this.background = other.background;
  }

  /** What was said since, without the background; a transaction counts with its BEGIN and COMMIT, or not at all. */
  taken(): Said[] {
    const said = this.said.splice(0);
    const own = new Set(said.filter(({ text }) => !this.isBackground(text)).map(({ group }) => group));
    return said.filter(({ group }) => own.has(group));
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((closed) => this.server.close(closed));
  }

  private isBackground(text: string): boolean {
    return this.background.has(text) || /^(BEGIN|START TRANSACTION|COMMIT|ROLLBACK)\b/i.test(text);
  }

  private join(client: Socket, server: Socket, requests: Requests): void {
    client.setNoDelay(true).on('data', (bytes: Buffer) => {
      this.said.push(...requests.take(bytes));
      server.write(bytes);
    });
    server.setNoDelay(true).on('data', (bytes: Buffer) => {
      requests.answered();
      client.write(bytes);
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => other.destroy());
    }
  }
}
