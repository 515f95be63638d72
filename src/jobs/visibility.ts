import { Injectable } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { LRUCache } from 'lru-cache';
import { validate as isUuid } from 'uuid';
import { Config } from '../config/config.js';
import { sql } from '../database/sql.js';
import { type Caller, changedKeys, maySee, seenKeys } from '../access/caller.js';
import { forbidden, malformed, notFound } from '../http/problem.js';
import { EXAMPLE_JOB_ID } from './examples.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { JobDto } from './jobs.dto.js';
import { JobReader } from '../ledger/job-reader.js';
import { type SentJob, sentJob, sentTo } from './sent-job.js';
import { StatusCache } from './status-cache.js';

export const badId = () => malformed('A job id is a UUID.');
export const JobIdParam = () =>
  ApiParam({ name: 'id', format: 'uuid', description: 'job_id of the answer 202', example: EXAMPLE_JOB_ID });
/** The same answer for a job that does not exist and for a job of another key. */
export const noJob = () => notFound('There is no job with this id. Finished jobs are forgotten after a while.');
const notTheMaker = () => forbidden('Another key made this job: only its project can have it run again.');
const notAsked = () => forbidden('This key did not ask for this job: only projects that did can cancel it.');

/**
 * Pairs of job and key that belong together; they do so for ever, so this process remembers them. The oldest go first.
 */
const REMEMBERED = 10_000;

/**
 * Who may see a job: the key that made it, keys that asked for the same (`job_requesters`), and all keys of their
 * projects. Keys of scope read that are in no project see every job.
 */
@Injectable()
export class Visibility {
  private readonly joined = new LRUCache<string, true>({ max: REMEMBERED });

  constructor(
    private readonly db: DataSource,
    private readonly reader: JobReader,
    private readonly cache: StatusCache,
    private readonly config: Config,
  ) {}

  /**
   * A job as the caller polls it: from the status cache, else from PostgreSQL. From the cache it costs no query. What
   * this process has sent before is read again only when it changed.
   * @throws ProblemException 400 for an invalid id; 404 when there is no job or the caller may not see it
   */
  async status(id: string, caller: Caller): Promise<SentJob> {
    if (!isUuid(id)) throw badId();
    const key = id.toLowerCase();
    const cached = await this.cache.get(key);
    if (cached && (await this.sees(caller, cached.id, cached.maker))) return sentTo(cached, caller);
    const known = this.cache.known(key);
    const found = await this.reader.findChanged(key, known?.state ?? null);
    const job =
      found.row === undefined ? this.cache.confirm(known!, found.place) : found.row && this.cache.read(found.row);
    if (!job || !(await this.sees(caller, job.id, job.maker))) throw noJob();
    return sentTo(job, caller);
  }

  /** The same job in the form of a poll's answer. */
  sent(row: GenerationJob, caller: Caller): SentJob {
    return sentTo(sentJob(row, this.config.retentionDays), caller);
  }

  /** The same job in the form of the API. */
  toDto(row: GenerationJob, caller: Caller): JobDto {
    return JobDto.from(row, this.config.retentionDays, caller);
  }

  /** The row itself. @throws ProblemException as {@link status} */
  async row(id: string, caller: Caller): Promise<GenerationJob> {
    if (!isUuid(id)) throw badId();
    const row = await this.reader.find(id);
    if (!row || !(await this.sees(caller, row.id, row.api_key_id))) throw noJob();
    return row;
  }

  /**
   * The row of a job that the caller may retry.
   * @throws ProblemException as {@link status}; 403 for a job that another key made
   */
  async own(id: string, caller: Caller): Promise<GenerationJob> {
    const row = await this.row(id, caller);
    const keys = changedKeys(caller);
    if (keys !== null && !keys.includes(row.api_key_id ?? '')) throw notTheMaker();
    return row;
  }

  /**
   * The row of a job that the caller may cancel.
   * @throws ProblemException as {@link status}; 403 for a job that the caller did not ask for
   */
  async asked(id: string, caller: Caller): Promise<GenerationJob> {
    const row = await this.row(id, caller);
    const asked = await this.sees({ ...caller, sees_only: caller.changes_only }, row.id, row.api_key_id);
    if (!asked) throw notAsked();
    return row;
  }

  /** @param maker the key that made the job */
  async sees(caller: Caller, jobId: string, maker: string | null): Promise<boolean> {
    const { only_job } = caller;
    if (only_job !== undefined && only_job !== jobId) return false;
    if (maySee(caller, maker)) return true;
    const pair = `${jobId} ${caller.sees_only}`;
    if (this.joined.get(pair)) return true;
    const rows = await sql(this.db, 'SELECT 1 FROM job_requesters WHERE job_id = $1 AND api_key_id = ANY($2::uuid[])', [
      jobId,
      seenKeys(caller),
    ]);
    if (rows.length === 0) return false;
    this.joined.set(pair, true);
    return true;
  }
}
