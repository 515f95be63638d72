import { connect, type Socket } from 'node:net';

/** An answer as it came. */
export interface Reply {
  status: number;
  head: string;
  body: Buffer;
}

const END_OF_HEAD = '\r\n\r\n';
/** Answers that have no body by their nature. */
const BODILESS = [204, 304];

/**
 * One keep-alive connection, one request at a time. It reads just what is needed to tell where an answer ends, so that
 * the load is no bottleneck: `node:http` as a client makes a quarter of its rate.
 */
export class Connection {
  private readonly socket: Socket;
  private waiting: ((reply: Reply) => void) | null = null;
  private rest: Buffer | null = null;

  private constructor(socket: Socket, failed: (error: Error) => void) {
    this.socket = socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.take(chunk, failed));
    socket.on('error', failed);
    socket.on('close', () => this.waiting && failed(new Error('the server closed a connection that waits for it')));
  }

  /** @param failed told of whatever breaks */
  static async open(port: number, failed: (error: Error) => void): Promise<Connection> {
    const socket = connect(port, '127.0.0.1');
    await new Promise((open, refused) => socket.once('connect', open).once('error', refused));
    return new Connection(socket, failed);
  }

  get free(): boolean {
    return this.waiting === null;
  }

  /** @param request all of it, in letters of one byte */
  send(request: string, answered: (reply: Reply) => void): void {
    this.waiting = answered;
    this.socket.write(request, 'latin1');
  }

  close(): void {
    this.socket.destroy();
  }

  private take(chunk: Buffer, failed: (error: Error) => void): void {
    const all = this.rest ? Buffer.concat([this.rest, chunk]) : chunk;
    const end = all.indexOf(END_OF_HEAD);
    const whole = end >= 0 && this.reply(all, end + END_OF_HEAD.length, failed);
    this.rest = whole ? null : all;
    if (!whole) return;
    const answered = this.waiting;
    this.waiting = null;
    answered?.(whole);
  }

  /** `null`: more is to come. */
  private reply(all: Buffer, start: number, failed: (error: Error) => void): Reply | null {
    const head = all.toString('latin1', 0, start);
    const status = Number(head.slice(9, 12));
    const length = BODILESS.includes(status) ? 0 : Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? NaN);
    if (Number.isNaN(length)) failed(new Error(`an answer without a length: ${head}`));
    if (all.length < start + length) return null;
    return { status, head, body: all.subarray(start, start + length) };
  }
}

/** So many of them. */
export const openAll = (port: number, connections: number, failed: (error: Error) => void): Promise<Connection[]> =>
  Promise.all(Array.from({ length: connections }, () => Connection.open(port, failed)));
