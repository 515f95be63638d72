import { Injectable } from '@nestjs/common';
import { type Caller, isAdmin, seenKeys } from '../access/caller.js';
import { Reads } from '../database/pools.js';
import { sql } from '../database/sql.js';
import type { Metadata } from '../domain/metadata.js';
import type { JobStatus } from '../domain/vocabulary.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { HOLD } from '../ledger/hold.js';
import type { Batch } from './batch.entity.js';

/** A part of a list: so many, after the last id of the part before; `null`: from the beginning. */
interface Part {
  limit: number;
  after: string | null;
}

/** Lists of batches and of their jobs. */
@Injectable()
export class BatchReader {
  constructor(private readonly reads: Reads) {}

  /** Those that the caller sees, newest first: their ids are UUIDv7. */
  list(caller: Caller, metadata: Metadata | undefined, { limit, after }: Part): Promise<Batch[]> {
    const { statement, parameters } = metadata ? noted(caller, metadata) : seen(caller);
    return this.reads.read((db) => sql<Batch>(db, statement, [limit, after, ...parameters]));
  }

  /** The jobs of a batch in the order of their ids: new ones in the order of the request. */
  jobs(batchId: string, status: JobStatus | undefined, { limit, after }: Part): Promise<GenerationJob[]> {
    return this.reads.read((db) =>
      sql<GenerationJob>(
        db,
        `SELECT job.*, ${HOLD} AS hold FROM (SELECT job_id FROM batch_jobs AS part CROSS JOIN LATERAL
            (SELECT 1 FROM generation_jobs WHERE id = part.job_id AND ($4::text IS NULL OR status = $4) OFFSET 0) AS one
           WHERE batch_id = $3 AND ($2::uuid IS NULL OR job_id > $2) ORDER BY job_id LIMIT $1) AS found
         JOIN generation_jobs AS job ON job.id = found.job_id ORDER BY job.id`,
        [limit, after, batchId, status ?? null],
      ),
    );
  }
}

const NEWEST = 'ORDER BY id DESC LIMIT $1';
const AFTER = '($2::uuid IS NULL OR id < $2)';

function seen(caller: Caller) {
  const keys = seenKeys(caller);
  if (keys === null) return { statement: `SELECT * FROM batches WHERE ${AFTER} ${NEWEST}`, parameters: [] };
  // Of one key an index has them in this order.
  const whose = keys.length === 1 ? '= $3' : '= ANY($3::uuid[])';
  const statement = `SELECT * FROM batches WHERE api_key_id ${whose} AND ${AFTER} ${NEWEST}`;
  return { statement, parameters: [keys.length === 1 ? keys[0] : keys] };
}

/** By the index of notes, and sorted afterwards. Notes are seen by their key, and by operators. */
function noted(caller: Caller, metadata: Metadata) {
  const whose = 'AND api_key_id IS NOT DISTINCT FROM $4::uuid';
  const statement = `WITH found AS MATERIALIZED (SELECT * FROM batches
      WHERE metadata IS NOT NULL AND metadata @> $3::jsonb AND ${AFTER} ${isAdmin(caller) ? '' : whose})
    SELECT * FROM found ${NEWEST}`;
  return { statement, parameters: [JSON.stringify(metadata), ...(isAdmin(caller) ? [] : [caller.key_id])] };
}
