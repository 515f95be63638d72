import { Injectable } from '@nestjs/common';
import { HealthReads } from '../database/pools.js';
import { type Session, sql } from '../database/sql.js';
import type { Recovered, RecoveryKind } from '../domain/vocabulary.js';
import { within } from '../timing/within.js';
import type { Backup } from './backup.entity.js';
import { newestBackups } from './backups.js';
import { type Finding, finding } from './finding.js';

/** A backup that is older is worth a warning, hours: two days, for those that are made once a day. */
const OLD_HOURS = 48;

/** What was found lost, and was repaired. */
export interface Recovered24h {
  kind: RecoveryKind;
  of: Recovered;
  count: number;
  last_at: Date;
}

export interface SafetyReport {
  recoveries: Recovered24h[];
  /** The one that ended last; `null`: none was noted. */
  backup: Backup | null;
}

const RECOVERED = `SELECT kind, of, sum(count)::float8 AS count, max(last_at) AS last_at FROM recoveries
  WHERE hour > now() - interval '25 hours' AND last_at > now() - interval '24 hours' GROUP BY kind, of
  ORDER BY last_at DESC, kind, of`;

/** What keeps data from being lost, and what had to be repaired. */
@Injectable()
export class SafetyReader {
  constructor(private readonly reads: HealthReads) {}

  /** Never throws. @returns `null`: PostgreSQL does not answer, or not in time */
  report(patienceMs: number): Promise<SafetyReport | null> {
    return within(patienceMs, this.reads.read(safetyOf)).catch(() => null);
  }
}

async function safetyOf(db: Session): Promise<SafetyReport> {
  const recoveries = await sql<Recovered24h>(db, RECOVERED);
  const [backup = null] = await newestBackups(db, 1);
  return { recoveries, backup };
}

/** Where none was ever noted, backups are nobody's business here. */
export function backupFindings(report: SafetyReport | null, now = Date.now()): Finding[] {
  const finished = report?.backup?.finished_at;
  if (!finished || now - finished.getTime() < OLD_HOURS * 3_600_000) return [];
  const message = `The last backup that was noted is of ${finished.toISOString()}, more than ${OLD_HOURS} h ago`;
  return [finding('backup_old', message, 'npx moviemind backup makes one')];
}
