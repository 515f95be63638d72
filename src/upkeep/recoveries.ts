import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../database/sql.js';
import type { Recovered, RecoveryKind } from '../domain/vocabulary.js';

/** How long it is known what was repaired, days. */
const REMEMBERED = 7;

/** Writes down what was found lost and was repaired. Where nothing was lost it costs no statement. */
@Injectable()
export class Recoveries {
  constructor(private readonly db: DataSource) {}

  async note(kind: RecoveryKind, of: Recovered, count: number): Promise<void> {
    if (count === 0) return;
    await sql(
      this.db,
      `WITH old AS (DELETE FROM recoveries WHERE hour < now() - interval '${REMEMBERED} days')
       INSERT INTO recoveries (kind, of, hour, count) VALUES ($1, $2, date_trunc('hour', now()), $3)
       ON CONFLICT (hour, kind, of) DO UPDATE SET last_at = now(),
         count = LEAST(recoveries.count::bigint + EXCLUDED.count, 2147483647)`,
      [kind, of, count],
    );
  }
}
