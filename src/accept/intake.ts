import { Injectable } from '@nestjs/common';
import type { Origin } from '../access/origin.js';
import type { BatchAcceptedDto } from '../batches/batches.dto.js';
import { Batched } from '../database/batched.js';
import { Config } from '../config/config.js';
import type { Answer } from '../http/answer.js';
import type { RequestKey } from '../idempotency/request-key.js';
import type { JobDto } from '../jobs/jobs.dto.js';
import { refuseEndpoints } from '../webhooks/endpoint.js';
import { Accepting, type Outcome } from './accepting.js';
import type { Submission, TextRequest } from './asked.js';

/**
 * Groups that are accepted at once. Requests that come meanwhile form the next one: so under load few statements and
 * commits carry many rows. A group that hangs does not count.
 */
const AT_ONCE = 1;
/** Most requests in a group. */
const MOST = 100;

/** Where the routes hand in requests for texts, of films and people alike. */
@Injectable()
export class Intake {
  private readonly groups = new Batched((requests: TextRequest[]) => this.accepting.accept(requests), AT_ONCE, MOST);

  constructor(
    private readonly accepting: Accepting,
    private readonly config: Config,
  ) {}

  async one(submission: Submission, origin: Origin, key: RequestKey | null): Promise<Answer<JobDto>> {
    const request: TextRequest = { kind: 'one', submissions: this.checked([submission]), origin, key };
    const outcome = await this.groups.ask(request);
    return answerOf<JobDto>(outcome.kind === 'alone' ? await this.acceptAlone(request) : outcome);
  }

  /** A batch is accepted by itself: its five hundred texts would delay the other requests of a group. */
  async many(
    submissions: Submission[],
    { metadata }: Pick<TextRequest, 'metadata'>,
    sent: Pick<TextRequest, 'origin' | 'key'>,
  ): Promise<Answer<BatchAcceptedDto>> {
    const request: TextRequest = { kind: 'batch', submissions: this.checked(submissions), metadata, ...sent };
    return answerOf<BatchAcceptedDto>(await this.acceptAlone(request));
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
