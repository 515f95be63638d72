import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Config } from '../config/config.js';
import { type Database, sql } from '../database/sql.js';
import { KINDS } from '../domain/kinds.js';
import type { GenerationJob } from './generation-job.entity.js';

/** Writes the rows of jobs that failed for good, in the transaction that makes the jobs FAILED. */
@Injectable()
export class FailedRows {
  constructor(private readonly config: Config) {}

  async add(tx: Database, jobs: GenerationJob[]): Promise<void> {
    if (jobs.length === 0) return;
    await sql(
      tx,
      `INSERT INTO failed_jobs (uuid, job_id, connection, queue, name, payload, exception, attempts)
       SELECT uuid, job_id, connection, queue, name, payload, exception, attempts
       FROM jsonb_to_recordset($1::jsonb) AS failed (uuid uuid, job_id uuid, connection text, queue text, name text,
         payload jsonb, exception text, attempts smallint)`,
      [JSON.stringify(jobs.map((job) => this.rowOf(job)))],
    );
  }

  private rowOf({ id, entity, requested_slug, locale, context_tag, request, error, attempts, history }: GenerationJob) {
    const reason = history.at(-1)?.reason;
    return {
      uuid: uuidv7(),
      job_id: id,
      connection: this.config.queueConnection,
      queue: KINDS[entity].queue,
      name: KINDS[entity].jobName,
      payload: { job_id: id, entity, requested_slug, locale, context_tag, request, ...(reason && { reason }) },
      exception: `${error!.type}: ${error!.message}`,
      attempts,
    };
  }
}
