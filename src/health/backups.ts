import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Doer, noteDeed } from '../audit/audit-log.js';
import { type Database, type Session, sql, sqlRow } from '../database/sql.js';
import { inTransaction } from '../database/transaction.js';
import type { Backup } from './backup.entity.js';

/** Most backups that are remembered. */
const REMEMBERED = 500;
const NEWEST = 'SELECT * FROM backups ORDER BY finished_at DESC, id DESC';

/** What somebody tells of a backup. */
export interface NotedBackup {
  /** Left out: now. */
  finished_at?: Date;
  bytes?: number;
  sha256?: string;
  tool?: string;
  comment?: string;
}

/** The backups that were noted. None is made here. */
@Injectable()
export class Backups {
  constructor(private readonly db: DataSource) {}

  note(backup: NotedBackup, doer: Doer): Promise<Backup> {
    return inTransaction(this.db, async (tx) => {
      const row = await insert(tx, backup);
      await sql(tx, `DELETE FROM backups WHERE id IN (SELECT id FROM (${NEWEST} OFFSET $1) AS old)`, [REMEMBERED]);
      const details = { finished_at: row.finished_at, tool: row.tool };
      await noteDeed(tx, doer, { action: 'note_backup', target_kind: 'BACKUP', target: row.id, details });
      return row;
    });
  }

  list(limit: number): Promise<Backup[]> {
    return newestBackups(this.db, limit);
  }
}

export const newestBackups = (db: Session, limit: number) => sql<Backup>(db, `${NEWEST} LIMIT $1`, [limit]);

function insert(tx: Database, { finished_at, bytes, sha256, tool, comment }: NotedBackup): Promise<Backup> {
  return sqlRow<Backup>(
    tx,
    `INSERT INTO backups (id, finished_at, bytes, sha256, tool, comment)
     VALUES ($1, COALESCE($2::timestamptz, now()), $3, $4, $5, $6) RETURNING *`,
    [uuidv7(), finished_at, bytes, sha256, tool, comment],
  );
}
