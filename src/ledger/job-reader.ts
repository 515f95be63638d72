import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Batched } from '../database/batched.js';
import { sql } from '../database/sql.js';
import type { EntityKind } from '../domain/kinds.js';
import type { GenerationJob } from './generation-job.entity.js';
import { HOLD } from './hold.js';
import { IS_DUE, QueueLine } from './queue-position.js';

/** Statements at once. Polls that come while they are under way go together in the next. */
const AT_ONCE = 1;
/** Jobs a statement. */
const MOST = 200;

/**
 * The statement of polls: jobs by their ids, with what a waiting one waits for. It returns no row of a job whose state
 * is still the one that is known ($2). Of a job that does not exist the row has nothing but the id. A state is the
 * revision, the kind if the job stands in line, and the hold.
 */
export const JOBS_BY_ID = `WITH found AS MATERIALIZED (
    SELECT job.*, CASE WHEN ${IS_DUE} THEN entity END AS line, ${HOLD} AS hold
    FROM generation_jobs AS job WHERE id = ANY($1::uuid[]))
  SELECT * FROM (
    SELECT found.*, known.id, known.state AS known, concat_ws(' ', revision, line, hold) AS state
    FROM unnest($1::uuid[], $2::text[]) AS known (id, state) LEFT JOIN found ON found.id = known.id) AS told
  WHERE status IS NULL OR state IS DISTINCT FROM known`;

/** In which line a job of this state stands; `undefined`: in none. */
const lineOf = (state: string) => /^\d+ ([A-Z]+)/.exec(state)?.[1] as EntityKind | undefined;

interface Question {
  id: string;
  /** The `state` that it had when it was last read; `null`: it is to be read in any case. */
  state: string | null;
}

/** The row, `null` when there is none; or only its place in the queue, when nothing else can have changed. */
type Found = { row: GenerationJob | null } | { row?: undefined; place: number | null };

/** Reads jobs as they are polled, many with one statement. */
@Injectable()
export class JobReader {
  private readonly groups = new Batched((asked: Question[]) => this.findAll(asked), AT_ONCE, MOST);
  private readonly line: QueueLine;

  constructor(private readonly db: DataSource) {
    this.line = new QueueLine(db);
  }

  /** With its place in the queue, while it waits. @returns `null` when there is none */
  async find(id: string): Promise<GenerationJob | null> {
    const { row } = await this.findChanged(id.toLowerCase(), null);
    return row ?? null;
  }

  /**
   * The same of a job that was read before. Asked for again and again, it is sent and parsed only when it changed.
   * @param state of the row as it was read; `null`: it was not
   */
  findChanged(id: string, state: string | null): Promise<Found> {
    return this.groups.ask({ id, state });
  }

  private async findAll(asked: Question[]): Promise<Found[]> {
    const known = new Map<string, string | null>();
    // Where those who ask do not know the same, all get the row.
    for (const { id, state } of asked) known.set(id, known.has(id) && known.get(id) !== state ? null : state);
    const rows = await sql<GenerationJob>(this.db, JOBS_BY_ID, [[...known.keys()], [...known.values()]]);
    for (const row of rows) known.set(row.id, row.status === null ? '' : row.state!);
    if ([...known.values()].some((state) => lineOf(state!))) await this.line.look();
    const places = new Map([...known].map(([id, state]) => [id, this.placeOf(id, state!)]));
    for (const row of rows) row.queue_position = places.get(row.id)!;
    const byId = new Map(rows.map((row) => [row.id, { row: row.status === null ? null : row }]));
    return asked.map(({ id }) => byId.get(id) ?? { place: places.get(id)! });
  }

  private placeOf(id: string, state: string): number | null {
    const entity = lineOf(state);
    return entity ? this.line.placeOf(id, entity) : null;
  }
}
