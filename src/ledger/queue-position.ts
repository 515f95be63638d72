import { KINDS, type EntityKind } from '../domain/kinds.js';
import { type Database, sql } from '../database/sql.js';

/** The count stops here, so that a million waiting jobs cost no more than a thousand. */
export const MAX_POSITION = 1000;
/** How old the line may be, milliseconds. A second is what polls may be late; the cache takes the rest of it. */
const FRESH_MS = 100;

/** For a SELECT from `generation_jobs AS job`: whether it stands in line. */
export const IS_DUE = `job.status = 'PENDING' AND job.run_at <= now()`;

const ENTITIES = Object.keys(KINDS) as EntityKind[];

/** The first {@link MAX_POSITION} due jobs of each kind, by one index scan for each. */
export const FIRST_IN_LINE = `SELECT kind.entity, first.id, first.place
  FROM unnest(ARRAY['${ENTITIES.join("', '")}']) AS kind (entity)
  CROSS JOIN LATERAL (SELECT id, (row_number() OVER (ORDER BY run_at, id) - 1)::integer AS place FROM generation_jobs
    WHERE status = 'PENDING' AND entity = kind.entity AND run_at <= now()
    ORDER BY run_at, id LIMIT ${MAX_POSITION}) AS first`;

/**
 * Who is first in the queues, as all polls of a moment share it: however many there are, it is read ten times a second.
 */
export class QueueLine {
  private places = new Map<string, number>();
  private readonly lengths = new Map<EntityKind, number>();
  private readAt = -Infinity;

  constructor(private readonly db: Database) {}

  /** Reads the line again, unless that was just done. */
  async look(): Promise<void> {
    if (performance.now() - this.readAt < FRESH_MS) return;
    const rows = await sql<{ entity: EntityKind; id: string; place: number }>(this.db, FIRST_IN_LINE);
    this.places = new Map(rows.map(({ id, place }) => [id, place]));
    for (const entity of ENTITIES) this.lengths.set(entity, 0);
    for (const { entity, place } of rows) this.lengths.set(entity, Math.max(place + 1, this.lengths.get(entity)!));
    this.readAt = performance.now();
  }

  /**
   * How many jobs of its kind became due before a job that is due; 0: it is next. The queue is first in, first out, so
   * this is how many start before it. Jobs that were handed back or lost meanwhile are not counted exactly. A job that
   * came after the line was read stands at its end.
   */
  placeOf(id: string, entity: EntityKind): number {
    return this.places.get(id) ?? this.lengths.get(entity) ?? 0;
  }
}
