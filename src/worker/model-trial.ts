import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { type Doer, noteDeed } from '../audit/audit-log.js';
import { isDatabaseUnavailable, sql } from '../database/sql.js';
import { GenerationFailure } from '../domain/failure.js';
import { Llm } from '../llm/llm.js';
import { reasonIn } from './reason.js';

/** How long the worker has for it: until its next heartbeat, by default after 10 s at most, and for the call. */
const ANSWER_WITHIN_MS = 25_000;
const CALL_WITHIN_MS = 15_000;
const LOOK_MS = 250;

/**
 * A tiny call of each model, for an operator who wants to know whether jobs would be written. Only a worker has the key
 * of the model. A process that runs no jobs asks one for it by its row, which the worker sees at its next heartbeat.
 */
@Injectable()
export class ModelTrial {
  constructor(
    private readonly db: DataSource,
    private readonly llm: Llm,
    private readonly config: Config,
  ) {}

  /** @returns a line for each model that does not answer. No worker, and the mock, are told of elsewhere */
  async run(doer: Doer): Promise<string[]> {
    const deed = { action: 'try_model', target_kind: 'MODEL', target: null, details: {} } as const;
    await noteDeed(this.db, doer, deed);
    if (this.config.runsJobs) return this.calls();
    return this.askWorker().catch((error: unknown) => {
      if (isDatabaseUnavailable(error)) return [];
      throw error;
    });
  }

  private async askWorker(): Promise<string[]> {
    const [worker] = await sql<{ id: string }>(
      this.db,
      `UPDATE workers SET trial_asked_at = now(), trial = NULL WHERE id = (SELECT id FROM workers
         WHERE expires_at > now() AND models <> '{}' ORDER BY seen_at DESC LIMIT 1) RETURNING id`,
    );
    return worker ? this.answerOf(worker.id) : [];
  }

  /** Makes the call that was asked of this worker, and writes down what became of it. */
  async answer(workerId: string): Promise<void> {
    const trial = JSON.stringify(await this.calls());
    await sql(this.db, 'UPDATE workers SET trial = $2, trial_asked_at = NULL WHERE id = $1', [workerId, trial]);
  }

  private async answerOf(workerId: string): Promise<string[]> {
    for (const deadline = performance.now() + ANSWER_WITHIN_MS; performance.now() < deadline; await sleep(LOOK_MS)) {
      const [row] = await sql<{ trial: string[] | null }>(this.db, 'SELECT trial FROM workers WHERE id = $1', [
        workerId,
      ]);
      if (row?.trial) return row.trial;
    }
    return ['No worker has tried the model in time: it may be about to stop'];
  }

  private async calls(): Promise<string[]> {
    const models = this.config.aiService === 'mock' ? [] : this.config.models;
    return (await Promise.all(models.map((model) => this.call(model)))).filter((line) => line !== null);
  }

  private async call(model: string): Promise<string | null> {
    try {
      await this.llm.greet(model, AbortSignal.timeout(CALL_WITHIN_MS));
      return null;
    } catch (error) {
      const { message, trouble } = GenerationFailure.from(error);
      const said = [message.replace(/\.$/, ''), reasonIn(trouble, this.config)].filter(Boolean).join(': ');
      return `The model ${model} does not answer a call that was made to see whether it does (${said})`;
    }
  }
}
