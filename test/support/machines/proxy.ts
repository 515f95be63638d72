import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * What happens to the bytes: all pass; they pass late; connections are refused; they are taken and nothing passes;
 * requests arrive and replies do not; requests arrive, and the connection dies in place of the reply; replies end
 * with the one to the first request that contains a text.
 */
export type ProxyMode =
  | { kind: 'pass' }
  | { kind: 'delay'; ms: number }
  | { kind: 'cut' }
  | { kind: 'blackHole' }
  | { kind: 'muteReplies' }
  | { kind: 'dropReplies' }
  | { kind: 'muteAfter'; text: string };

/** A wire that can be damaged, between the program and its Redis or PostgreSQL. */
export class Proxy {
  readonly port: number;
  /** Replies that were thrown away. */
  dropped = 0;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private target: { host: string; port: number };
  private readonly forgotten = new WeakSet<Socket>();
  private mode: ProxyMode = { kind: 'pass' };

  private constructor(server: Server, target: { host: string; port: number }) {
    this.server = server;
    this.target = target;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (client) => this.join(client, connect(this.target)));
  }

  static async to(url: string): Promise<Proxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    return new Proxy(server, targetOf(url));
  }

  /** As an address does after a failover: new connections go there, those that stand stay where they are. */
  leadTo(url: string): void {
    this.target = targetOf(url);
  }

  /** The same URL by way of this proxy. */
  around(url: string): string {
    const changed = new URL(url);
    changed.host = `127.0.0.1:${this.port}`;
    return changed.href;
  }

  set(mode: ProxyMode): void {
    this.mode = mode;
    // What was swallowed cannot be given back: such connections end, as a repaired network ends them by a reset.
    if (mode.kind === 'cut' || mode.kind === 'pass') this.destroyAll();
  }

  /** As a router does that was started anew: those that are open stay open for ever, silent. New ones are whole. */
  forget(): void {
    for (const socket of this.sockets) this.forgotten.add(socket);
  }

  async stop(): Promise<void> {
    this.destroyAll();
    await new Promise((closed) => this.server.close(closed));
  }

  private join(client: Socket, server: Socket): void {
    const end = () => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', end).once('close', () => {
        this.sockets.delete(socket);
        end();
      });
    }
    if (this.mode.kind === 'cut') return end();
    let muted = false;
    client.on('data', (data) => {
      muted ||= this.mode.kind === 'muteAfter' && data.includes(this.mode.text);
      this.forward(data, server);
    });
    server.on('data', (data) => {
      if (muted) return void this.dropped++;
      if (this.mode.kind !== 'dropReplies' && this.mode.kind !== 'muteReplies') return this.forward(data, client);
      this.dropped++;
      if (this.mode.kind === 'dropReplies') end();
    });
  }

  private forward(data: Buffer, to: Socket): void {
    if (this.mode.kind === 'blackHole' || this.forgotten.has(to)) return;
    const write = () => void (to.writable && to.write(data));
    if (this.mode.kind === 'delay') setTimeout(write, this.mode.ms);
    else write();
  }

  private destroyAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}

function targetOf(url: string) {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}
