import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Origin } from '../access/origin.js';
import { Reads } from '../database/pools.js';
import { type Session, sql } from '../database/sql.js';
import type { EntityKind } from '../domain/kinds.js';
import type { AuditEntry } from './audit-entry.entity.js';

/** What may be done to a film or a person, in the words of the log. */
export const ACTIONS = [
  'import',
  'write_text',
  'restore_text',
  'remove_text',
  'correct',
  'hide',
  'show',
  'remove',
  'block',
  'unblock',
] as const;
export type Action = (typeof ACTIONS)[number];

/** Something that was done, and to what. */
export interface Deed {
  action: Action;
  entity: EntityKind;
  entity_id: string;
  slug: string;
  /** Never a text itself: what is taken back would stay here. */
  details: Record<string, unknown>;
}

/** Who did it. */
export type Doer = Pick<Origin, 'api_key_id' | 'request_id'>;

/** Writes it down as part of the transaction that does it. */
export async function noteDeed(tx: Session, { api_key_id, request_id }: Doer, deed: Deed): Promise<void> {
  const { action, entity, entity_id, slug, details } = deed;
  await sql(
    tx,
    `INSERT INTO audit_log (id, api_key_id, request_id, action, entity, entity_id, slug, details)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [uuidv7(), api_key_id, request_id, action, entity, entity_id, slug, JSON.stringify(details)],
  );
}

/** The same for many. */
export async function noteDeeds(tx: Session, { api_key_id, request_id }: Doer, deeds: Deed[]): Promise<void> {
  if (deeds.length === 0) return;
  const rows = deeds.map((deed) => ({ id: uuidv7(), ...deed }));
  await sql(
    tx,
    `INSERT INTO audit_log (id, api_key_id, request_id, action, entity, entity_id, slug, details)
     SELECT id, $2::uuid, $3, action, entity, entity_id, slug, details FROM jsonb_to_recordset($1::jsonb)
       AS row (id uuid, action text, entity text, entity_id uuid, slug text, details jsonb)`,
    [JSON.stringify(rows), api_key_id, request_id],
  );
}

interface AuditFilter {
  entity?: EntityKind;
  slug?: string;
  action?: Action;
  since?: Date;
}

/** What was done, the newest first. */
@Injectable()
export class AuditLog {
  constructor(private readonly reads: Reads) {}

  /** @param after the id of the last entry of the page before; `null`: there was none */
  page({ entity, slug, action, since }: AuditFilter, limit: number, after: string | null): Promise<AuditEntry[]> {
    const values: unknown[] = [];
    const put = (value: unknown) => `$${values.push(value)}`;
    const where = [
      ...(entity === undefined ? [] : [`entity = ${put(entity)}`]),
      ...(slug === undefined ? [] : [`slug = ${put(slug)}`]),
      ...(action === undefined ? [] : [`action = ${put(action)}`]),
      ...(since === undefined ? [] : [`at >= ${put(since)}`]),
      ...(after === null ? [] : [`id < ${put(after)}`]),
    ];
    const text = `SELECT id, at, api_key_id, request_id, action, entity, entity_id, slug, details FROM audit_log
      ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY id DESC LIMIT ${put(limit)}`;
    return this.reads.read((db) => sql<AuditEntry>(db, text, values));
  }
}
