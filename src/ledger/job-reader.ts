import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Batched } from '../database/batched.js';
import { sql } from '../database/sql.js';
import type { GenerationJob } from './generation-job.entity.js';
import { HOLD } from './hold.js';
import { IN_LINE, PLACE } from './queue-position.js';

/** Statements at once. Polls that come while they are under way go together in the next. */
const AT_ONCE = 1;
/** Jobs a statement. */
const MOST = 200;

/** The statement of polls: jobs by their ids, with what a waiting one waits for. */
export const JOBS_BY_ID = `WITH asked AS MATERIALIZED (SELECT * FROM generation_jobs WHERE id = ANY($1::uuid[])),
  ${IN_LINE}
  SELECT job.*, ${PLACE} AS queue_position, ${HOLD} AS hold
  FROM asked AS job LEFT JOIN in_line ON in_line.id = job.id`;

/** Reads jobs as they are polled, many with one statement. */
@Injectable()
export class JobReader {
  private readonly groups = new Batched((ids: string[]) => this.findAll(ids), AT_ONCE, MOST);

  constructor(private readonly db: DataSource) {}

  /** With its place in the queue, while it waits. @returns `null` when there is none */
  async find(id: string): Promise<GenerationJob | null> {
    return (await this.groups.ask(id.toLowerCase())) ?? null;
  }

  private async findAll(ids: string[]): Promise<(GenerationJob | undefined)[]> {
    const rows = await sql<GenerationJob>(this.db, JOBS_BY_ID, [[...new Set(ids)]]);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id));
  }
}
