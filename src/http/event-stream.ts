import type { FastifyReply } from 'fastify';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** A comment this often keeps proxies from closing a silent stream, milliseconds. Source: the contract. */
const COMMENT_MS = 15_000;
/** A reader that leaves more than this unread is disconnected, bytes. An event has less than two KiB. */
const MAX_UNREAD = 64 * 1024;
/**
 * When a client reconnects after the stream broke, milliseconds. The times are spread, so that after a deploy not all
 * clients come at once.
 */
const COME_BACK_MS = [1000, 3000] as const;

export const EVENT_STREAM_TYPE = 'text/event-stream';

interface ServerSentEvent {
  id: number;
  event: string;
  /** One line. */
  data: string;
}

/**
 * An answer that stays open: `text/event-stream`. It takes the reply over from the framework and sends comments while
 * there is no event. It drops a reader that does not read, so that its memory is bounded.
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

  /** Aborted as soon as the client is gone. */
  get closed(): AbortSignal {
    return this.over.signal;
  }

  send({ id, event, data }: ServerSentEvent): void {
    this.write(`id: ${id}\nevent: ${event}\ndata: ${data}\n\n`);
  }

  /** Ends the stream; events sent before still arrive. */
  end(): void {
    clearInterval(this.comments);
    this.raw.end();
  }

  private comment(): void {
    // Nothing was read since the last comment: the reader is dead, even if its connection does not show it.
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
  // nginx then passes events on at once.
  'x-accel-buffering': 'no',
  // The stream ends when everything is said; an idle connection left behind would only delay a stop.
  connection: 'close',
};
