import type { FastifyReply } from 'fastify';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** A comment this often keeps proxies from closing a silent stream, milliseconds. Source: the contract. */
const COMMENT_MS = 15_000;
/** A reader that leaves more than this unread is let go, bytes. An event has less than two KiB. */
const MAX_UNREAD = 64 * 1024;
/**
 * When a client comes back after the stream broke, milliseconds; spread, so that after a deploy not all come at once.
 */
const COME_BACK_MS = [1000, 3000] as const;

export const EVENT_STREAM_TYPE = 'text/event-stream';

export interface ServerSentEvent {
  id: number;
  event: string;
  /** One line. */
  data: string;
}

/**
 * An answer that goes on: `text/event-stream`. It takes the reply over from the framework, sends comments while there
 * is nothing to say, and drops a reader that does not read: what it holds for one is bounded.
 */
export class EventStream {
  private readonly raw: ServerResponse;
  private readonly over = new AbortController();
  private readonly comments: NodeJS.Timeout;
  private stuck = false;

  constructor(reply: FastifyReply) {
    reply.hijack();
    this.raw = reply.raw;
    this.raw.writeHead(200, { ...(reply.getHeaders() as OutgoingHttpHeaders), ...HEADERS });
    this.comments = setInterval(() => this.comment(), COMMENT_MS);
    this.raw.once('close', () => this.close());
    this.raw.once('error', () => this.raw.destroy());
    if (this.raw.destroyed) this.close();
    const [least, most] = COME_BACK_MS;
    this.write(`retry: ${Math.round(least + Math.random() * (most - least))}\n\n`);
  }

  /** Aborted as soon as nobody reads any more. */
  get closed(): AbortSignal {
    return this.over.signal;
  }

  send({ id, event, data }: ServerSentEvent): void {
    this.write(`id: ${id}\nevent: ${event}\ndata: ${data}\n\n`);
  }

  /** The last word: what was sent is delivered first. */
  end(): void {
    clearInterval(this.comments);
    this.raw.end();
  }

  private comment(): void {
    // Nothing was taken since the last comment: the reader is dead, though its connection may not know.
    const unread = this.raw.writableLength > 0;
    if (unread && this.stuck) return void this.raw.destroy();
    this.stuck = unread;
    this.write(': still here\n\n');
  }

  private write(text: string): void {
    if (this.raw.destroyed || this.raw.writableEnded) return;
    this.raw.write(text);
    if (this.raw.writableLength > MAX_UNREAD) this.raw.destroy();
  }

  private close(): void {
    clearInterval(this.comments);
    this.over.abort();
  }
}

const HEADERS = {
  'content-type': EVENT_STREAM_TYPE,
  'cache-control': 'no-store',
  // nginx passes events on at once.
  'x-accel-buffering': 'no',
  // The stream ends when all is said; an idle connection left behind would only delay a stop.
  connection: 'close',
};
