import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands in for the server's own answer; `lose`: the server does it, and its answer does not arrive. */
export type Instead =
  | { kind: 'answer'; status: number; headers?: Record<string, string>; detail?: string; errors?: object[] }
  | { kind: 'lose' };

/** Decides by the request and how many of its method there were, this one included; `null`: it is passed on. */
type Rule = (request: { method: string; path: string; made: number }) => Instead | null;

/** A reverse proxy that counts requests and answers some of them itself. */
export class FrontDoor {
  readonly requests: { method: string; path: string }[] = [];
  rule: Rule = () => null;

  private constructor(
    private readonly server: Server,
    readonly url: string,
    private readonly target: string,
  ) {}

  static async start(target: string): Promise<FrontDoor> {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    const door = new FrontDoor(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, target);
    server.on('request', (request, response) => void door.handle(request, response).catch(() => response.destroy()));
    return door;
  }

  /** Forgets what was counted and decided. */
  reset(rule: Rule = () => null): void {
    this.requests.length = 0;
    this.rule = rule;
  }

  made(method: string): number {
    return this.requests.filter((request) => request.method === method).length;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [method, path] = [request.method!, request.url!];
    this.requests.push({ method, path });
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const instead = this.rule({ method, path, made: this.made(method) });
    if (instead?.kind === 'answer') {
      const { status, headers, detail = 'The front door says so.', errors } = instead;
      const problem = { type: 'urn:test', title: 'Test', status, detail, instance: path, request_id: 'test', errors };
      response.writeHead(status, { 'content-type': 'application/problem+json', 'x-request-id': 'test', ...headers });
      return void response.end(JSON.stringify(problem));
    }
    const answer = await fetch(this.target + path, {
      method,
      headers: passedOn(request),
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    });
    const body = Buffer.from(await answer.arrayBuffer());
    if (instead?.kind === 'lose') return void response.destroy();
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(body);
  }
}

const KEPT = ['authorization', 'content-type', 'idempotency-key', 'prefer', 'if-none-match'];

const passedOn = ({ headers }: IncomingMessage) =>
  Object.fromEntries(KEPT.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name] as string]])));
