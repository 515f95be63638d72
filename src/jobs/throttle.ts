import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../database/sql.js';

/** In a claim's WHERE: nobody asked for a pause, or it is over. */
export const NOT_THROTTLED = `NOT EXISTS (SELECT 1 FROM throttles WHERE name = 'model' AND until > now())`;

/** The pause a model's service asked for. It holds for all jobs of all workers, by the database's clock. */
@Injectable()
export class Throttle {
  constructor(private readonly db: DataSource) {}

  /** Never shortens a pause that is longer already. */
  async pause(milliseconds: number): Promise<void> {
    await sql(
      this.db,
      `INSERT INTO throttles (name, until) VALUES ('model', now() + make_interval(secs => $1))
       ON CONFLICT (name) DO UPDATE SET until = GREATEST(throttles.until, EXCLUDED.until)`,
      [milliseconds / 1000],
    );
  }

  /** @returns how long a pending job still has to wait for the model, milliseconds; 0: it does not, or it is not pending */
  async remaining(jobId: string): Promise<number> {
    const [row] = await sql<{ left: string }>(
      this.db,
      `SELECT EXTRACT(EPOCH FROM until - now()) * 1000 AS left FROM throttles
       WHERE name = 'model' AND until > now()
         AND EXISTS (SELECT 1 FROM generation_jobs WHERE id = $1 AND status = 'PENDING' AND run_at <= now())`,
      [jobId],
    );
    return row ? Math.ceil(Number(row.left)) : 0;
  }
}
