import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { linkedBelow, prefixOf } from '../http/base-path.js';
import { type Caller, callerOf } from '../access/caller.js';
import { EVENT_STREAM_TYPE, EventStream } from '../http/event-stream.js';
import { KeyWatch } from '../access/key-watch.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { JobChanges, type JobWatch } from './job-changes.js';
import { StreamLimits } from './stream-limits.js';
import { Visibility } from './visibility.js';
import { isFinished } from '../domain/vocabulary.js';

interface Reader {
  caller: Caller;
  stream: EventStream;
  /** Aborted when the client is gone, or its key or token has ended. */
  over: AbortSignal;
  /** The path below which the client sees this server. */
  prefix: string;
}

/**
 * Sends a client every state of a job as it changes. The present one comes first, unless the client has it already.
 * None is older than one sent before.
 */
@Injectable()
export class JobEvents {
  constructor(
    private readonly changes: JobChanges,
    private readonly visibility: Visibility,
    private readonly limits: StreamLimits,
    private readonly keys: KeyWatch,
  ) {}

  /**
   * Ends with the job, with the client, with the validity of its key or with the process.
   * @throws ProblemException 400, 404, 429, 503
   */
  async stream(id: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const leave = this.limits.enter(request);
    const invalid = new AbortController();
    const stopWatching = this.keys.whileValid(callerOf(request).key_id, () => invalid.abort());
    const watch = this.changes.watch(id.toLowerCase());
    try {
      const job = await this.visibility.row(id, callerOf(request));
      const lastSent = lastEventId(request);
      // 204 keeps an EventSource from reconnecting.
      if (isFinished(job.status) && lastSent === job.revision) return void reply.code(204).send();
      if (request.method === 'HEAD') return void reply.type(EVENT_STREAM_TYPE).send('');
      // A revision above the job's was never sent, so it is ignored.
      const stream = new EventStream(reply);
      const over = AbortSignal.any([stream.closed, invalid.signal, ...endOf(callerOf(request))]);
      const reader = { caller: callerOf(request), stream, over, prefix: prefixOf(request) };
      await this.follow(job, lastSent > job.revision ? 0 : lastSent, watch, reader);
    } finally {
      watch.close();
      stopWatching();
      leave();
    }
  }

  private async follow(first: GenerationJob, lastSent: number, watch: JobWatch, reader: Reader): Promise<void> {
    const { caller, stream, over, prefix } = reader;
    for (let job: GenerationJob | null = first; job; job = await watch.newer(job, over)) {
      // A hold begins and ends within a state, also while the client is away: what waits is told again.
      if (job.revision > lastSent || job !== first || job.status === 'PENDING') {
        const data = JSON.stringify(linkedBelow(prefix, this.visibility.toDto(job, caller)));
        stream.send({ id: job.revision, event: 'status', data });
      }
      if (isFinished(job.status)) break;
    }
    stream.end();
  }
}

/** An access token ends its streams with itself. */
const endOf = ({ until }: Caller) => (until ? [AbortSignal.timeout(Math.max(0, until.getTime() - Date.now()))] : []);

/** 0: the client has seen none, or the header is no revision. */
function lastEventId({ headers }: FastifyRequest): number {
  const given = headers['last-event-id'];
  return typeof given === 'string' && /^\d{1,9}$/.test(given) ? Number(given) : 0;
}
