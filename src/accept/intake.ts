import { Injectable } from '@nestjs/common';
import type { Origin } from '../access/origin.js';
import type { BatchAcceptedDto, DryRunDto } from '../batches/batches.dto.js';
import { Batched } from '../database/batched.js';
import { Config } from '../config/config.js';
import type { Answer } from '../http/answer.js';
import type { RequestKey } from '../idempotency/request-key.js';
import type { JobDto } from '../jobs/jobs.dto.js';
import { refuseEndpoints } from '../webhooks/endpoint.js';
import { Accepting, type Outcome } from './accepting.js';
import { Tracing } from '../tracing/tracing.js';
import { acceptSpan } from './accept-span.js';
import type { AskedBatch, Submission, TextRequest } from './asked.js';

/**
 * Groups that are accepted at once. Requests that come meanwhile form the next one: so under load few statements and
 * commits carry many rows. A group that hangs does not count.
 */
const AT_ONCE = 1;
/** Most requests in a group. */
const MOST = 100;

/** Batches that are accepted at once: each holds a connection for about a second, and singles need some too. */
const BATCHES_AT_ONCE = 2;

/** Where the routes hand in requests for texts, of films and people alike. */
@Injectable()
export class Intake {
  private readonly groups = new Batched((requests: TextRequest[]) => this.accepting.accept(requests), AT_ONCE, MOST);
  private readonly batches = new Batched(
    (requests: TextRequest[]) => this.accepting.accept(requests),
    BATCHES_AT_ONCE,
    1,
  );

  constructor(
    private readonly accepting: Accepting,
    private readonly config: Config,
    private readonly tracing: Tracing,
  ) {}

  async one(submission: Submission, origin: Origin, key: RequestKey | null): Promise<Answer<JobDto>> {
    const asked = { kind: 'one' as const, submissions: this.checked([submission]), key };
    return acceptSpan(this.tracing, origin, async (traced) => {
      const request: TextRequest = { ...asked, ...traced };
      const outcome = await this.groups.ask(request);
      return answerOf<JobDto>(outcome.kind === 'alone' ? await this.acceptAlone(request) : outcome);
    });
  }

  /** A batch is accepted by itself: its thousands of texts would delay the other requests of a group. */
  async many(
    { dry_run, ...batch }: AskedBatch,
    sent: Pick<TextRequest, 'origin' | 'key'>,
  ): Promise<Answer<BatchAcceptedDto | DryRunDto>> {
    const { allowPrivate } = this.config.webhooks;
    if (batch.webhook) refuseEndpoints([{ webhook: { url: batch.webhook, events: [] } }], allowPrivate);
    const asked = { kind: 'batch' as const, ...batch, submissions: this.checked(batch.submissions), key: sent.key };
    return acceptSpan(this.tracing, sent.origin, async (traced) => {
      const request: TextRequest = { ...asked, ...traced };
      if (dry_run) return { status: 200, headers: {}, body: await this.accepting.preview(request) };
      return answerOf<BatchAcceptedDto>(await this.batches.ask(request));
    });
  }

  private checked(submissions: Submission[]): Submission[] {
    refuseEndpoints(submissions, this.config.webhooks.allowPrivate);
    const reuse = this.config.ifExists === 'reuse';
    return submissions.map((one) => ({ reuse, ...one }));
  }

  private async acceptAlone(request: TextRequest): Promise<Outcome> {
    const [outcome] = await this.accepting.accept([request]);
    return outcome!;
  }
}

function answerOf<Body>(outcome: Outcome): Answer<Body> {
  if (outcome.kind === 'answer') return outcome.answer as Answer<Body>;
  throw outcome.kind === 'error' ? outcome.error : new Error('a request that is accepted alone has an outcome');
}
