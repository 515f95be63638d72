import { Injectable } from '@nestjs/common';
import { HealthReads } from '../database/pools.js';
import { type Session, sql } from '../database/sql.js';
import { within } from '../timing/within.js';

/** A process of any role, by its last beat. */
export interface LivingProcess {
  host: string;
  /** Most connections to PostgreSQL that it opens. */
  connections: number;
  /** How far its clock is ahead of PostgreSQL's, seconds; negative: behind. `null`: not known yet. */
  clock_ahead: number | null;
}

const LIVING = `SELECT host, connections, clock_ahead FROM processes WHERE expires_at > now() ORDER BY started_at, id`;

@Injectable()
export class ProcessReader {
  constructor(private readonly reads: HealthReads) {}

  /** Never throws; none where PostgreSQL does not answer. */
  report(patienceMs: number): Promise<LivingProcess[]> {
    return within(patienceMs, this.reads.read(livingIn)).catch(() => []);
  }
}

const livingIn = (db: Session) => sql<LivingProcess>(db, LIVING);
