import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A message as it arrived. */
export interface Received {
  /** Of the endpoint. */
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** The webhook-id. */
  id: string;
  type: string;
  job_id: string;
  status: string;
}

/** What the receiver does with one message; `null`: no answer at all. */
export type Reaction = number | null | ((response: ServerResponse) => void);

/** The endpoint of a client: keeps what it is told, and misbehaves on demand, by path. It takes everything else. */
export class Receiver {
  readonly received: Received[] = [];
  /** Ids of all messages, also where the messages themselves would fill the memory. */
  readonly ids = new Set<string>();
  keepMessages = true;
  port = 0;
  private server: Server;
  private readonly scripts = new Map<string, Reaction[]>();

  static async start(): Promise<Receiver> {
    const receiver = new Receiver();
    await receiver.listen();
    return receiver;
  }

  /** Again on the same port, after {@link stop}. */
  async listen(): Promise<void> {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('error', () => undefined).on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => this.take(request.url!, request.headers, Buffer.concat(chunks).toString(), response));
    }).listen(this.port, '127.0.0.1');
    await new Promise((listening, failed) => this.server.once('listening', listening).once('error', failed));
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  /** Reactions to the next messages at a path; then they are taken. */
  script(path: string, ...reactions: Reaction[]): void {
    this.scripts.set(path, reactions);
  }

  at(path: string): Received[] {
    return this.received.filter((message) => message.path === path);
  }

  private take(path: string, headers: IncomingHttpHeaders, body: string, response: ServerResponse): void {
    const { type, data } = JSON.parse(body) as { type: string; data: { job_id: string; status: string } };
    const id = String(headers['webhook-id']);
    const scripted = this.scripts.get(path)?.shift();
    const reaction = scripted === undefined ? 204 : scripted;
    if (typeof reaction === 'number' && reaction < 300) this.ids.add(id);
    if (this.keepMessages) this.received.push({ path, headers, body, id, type, ...data });
    if (typeof reaction === 'function') reaction(response);
    else if (reaction !== null) response.writeHead(reaction).end();
  }
}
