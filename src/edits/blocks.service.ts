import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Block } from '../catalog/block.entity.js';
import { sql } from '../database/sql.js';
import { inTransaction } from '../database/transaction.js';
import { type Doer, noteDeed } from '../audit/audit-log.js';

const COLUMNS = 'id, entity, entity_id, name, year, slug, slugs, keys, imdb_id, tmdb_id, created_at';

/** What is never made again. */
@Injectable()
export class Blocks {
  constructor(private readonly db: DataSource) {}

  /** The newest first. @param after the id of the last one of the page before */
  page(limit: number, after: string | null): Promise<Block[]> {
    const text = `SELECT ${COLUMNS} FROM blocks WHERE $2::uuid IS NULL OR id < $2 ORDER BY id DESC LIMIT $1`;
    return sql<Block>(this.db, text, [limit, after]);
  }

  /** @returns whether there was one */
  lift(id: string, doer: Doer): Promise<boolean> {
    return inTransaction(this.db, async (tx) => {
      const [block] = await sql<Block>(tx, `DELETE FROM blocks WHERE id = $1 RETURNING ${COLUMNS}`, [id]);
      if (!block) return false;
      const { entity, entity_id, slug } = block;
      await noteDeed(tx, doer, { action: 'unblock', entity, entity_id, slug, details: { block_id: id } });
      return true;
    });
  }
}
