import { createParser } from 'eventsource-parser';
import type { JobDto } from '../../../src/jobs/jobs.dto.js';
import { eventually } from '../run/eventually.ts';

export interface StatusEvent {
  id: number;
  event: string | undefined;
  job: JobDto;
}

/** What a client of `GET /jobs/{id}/events` receives. */
export class Events {
  readonly received: StatusEvent[] = [];
  readonly comments: string[] = [];
  /** Milliseconds; `null`: the server has not said. */
  retry: number | null = null;
  /** How the stream ended; `null` while it goes on. */
  ended: 'cleanly' | 'broken' | null = null;
  readonly status: number;
  readonly headers: Headers;
  private readonly abort: AbortController;

  // No parameter properties: this file also runs without a build, and node strips types only.
  private constructor(response: Response, abort: AbortController) {
    this.status = response.status;
    this.headers = response.headers;
    this.abort = abort;
    void this.read(response);
  }

  /** Answers as soon as the head is there. */
  static async open(url: string, id: string, headers: Record<string, string> = {}): Promise<Events> {
    const abort = new AbortController();
    return new Events(await fetch(`${url}/jobs/${id}/events`, { headers, signal: abort.signal }), abort);
  }

  get statuses(): string[] {
    return this.received.map(({ job }) => job.status);
  }

  close(): void {
    this.abort.abort();
  }

  /** All events, once the stream has ended by itself. */
  async all(deadlineMs?: number): Promise<StatusEvent[]> {
    if ((await eventually(async () => this.ended, deadlineMs)) === 'broken') throw new Error('the stream broke');
    return this.received;
  }

  private async read(response: Response): Promise<void> {
    const parser = createParser({
      onEvent: ({ id, event, data }) => this.received.push({ id: Number(id), event, job: JSON.parse(data) as JobDto }),
      onComment: (comment) => this.comments.push(comment),
      onRetry: (milliseconds) => (this.retry = milliseconds),
      onError: (error) => {
        throw error;
      },
    });
    try {
      const text = response.body?.pipeThrough(new TextDecoderStream() as never) as AsyncIterable<string> | undefined;
      if (text) for await (const chunk of text) parser.feed(chunk);
      this.ended = 'cleanly';
    } catch {
      this.ended = 'broken';
    }
  }
}
