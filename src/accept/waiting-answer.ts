import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../access/caller.js';
import { type Answer, send } from '../http/answer.js';
import { waitOf } from '../http/prefer.js';
import { ProblemException } from '../http/problem.js';
import { JobWaiting } from '../jobs/job-waiting.js';
import type { JobDto } from '../jobs/jobs.dto.js';
import type { SentJob } from '../jobs/sent-job.js';
import { isFinished } from '../domain/vocabulary.js';

/** Holds the answer to a request for a text until the job is finished, as the client prefers. */
@Injectable()
export class WaitingAnswer {
  constructor(private readonly waiting: JobWaiting) {}

  /** 200 with the finished job; or the answer as it is, once the time is over. What is kept of a key is that. */
  async send(answer: Answer<JobDto>, request: FastifyRequest, reply: FastifyReply): Promise<JobDto> {
    const seconds = answer.status === 202 ? waitOf(request.headers.prefer) : null;
    const held = seconds && (await this.held(answer.body.job_id, seconds, request, reply));
    if (!held) return send(reply, answer);
    void reply.header('preference-applied', `wait=${seconds}`);
    if (!isFinished(held.status)) return send(reply, answer);
    const { 'retry-after': _, ...headers } = answer.headers;
    return send(reply, { status: 200, headers, body: JSON.parse(held.json) as JobDto });
  }

  /** @returns `null`: too many are held, or the job of a kept answer is forgotten */
  private async held(id: string, seconds: number, request: FastifyRequest, reply: FastifyReply) {
    const wait = { seconds, known: undefined, client: reply.raw };
    return this.waiting.until(id, callerOf(request), wait).catch((error: unknown): SentJob | null => {
      if (error instanceof ProblemException && error.getStatus() === 404) return null;
      throw error;
    });
  }
}
