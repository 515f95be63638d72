import { Injectable } from '@nestjs/common';
import { validate as isUuid } from 'uuid';
import { Reads } from '../database/pools.js';
import { sql } from '../database/sql.js';
import { ENTITIES, type EntityKind } from '../domain/kinds.js';
import type { Action, TargetKind } from './actions.js';
import type { AuditEntry } from './audit-entry.entity.js';

/** Narrows the log; a missing field does not. */
export interface AuditFilter {
  /** Films and people alone. */
  edits?: boolean;
  entity?: EntityKind;
  slug?: string;
  action?: Action;
  target_kind?: TargetKind;
  /** An id, a name, or the slug that a film or a person had then. */
  target?: string;
  key?: string;
  since?: Date;
}

const COLUMNS = `id, at, actor, actor_name, api_key_id, request_id, action, entity, entity_id, slug, target_kind,
  target, details`;

/** What was done, the newest first. */
@Injectable()
export class AuditLog {
  constructor(private readonly reads: Reads) {}

  /** @param after the id of the last entry of the page before; `null`: there was none */
  page(filter: AuditFilter, limit: number, after: string | null): Promise<AuditEntry[]> {
    const values: unknown[] = [];
    const put = (value: unknown) => `$${values.push(value)}`;
    const where = [...conditions(filter, put), ...(after === null ? [] : [`id < ${put(after)}`])];
    const text = `SELECT ${COLUMNS} FROM audit_log
      ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY id DESC LIMIT ${put(limit)}`;
    return this.reads.read((db) => sql<AuditEntry>(db, text, values));
  }
}

function conditions(filter: AuditFilter, put: (value: unknown) => string): string[] {
  const { edits, entity, slug, action, target_kind, target, key, since } = filter;
  const isEntity = ENTITIES.some((one) => one === target_kind);
  return [
    ...(edits ? ['entity IS NOT NULL'] : []),
    ...(entity === undefined ? [] : [`entity = ${put(entity)}`]),
    ...(slug === undefined ? [] : [`slug = ${put(slug)}`]),
    ...(action === undefined ? [] : [`action = ${put(action)}`]),
    ...(target_kind === undefined ? [] : [`${isEntity ? 'entity' : 'target_kind'} = ${put(target_kind)}`]),
    ...(target === undefined ? [] : [isTarget(target, put)]),
    ...(key === undefined ? [] : [`api_key_id = ${put(key)}`]),
    ...(since === undefined ? [] : [`at >= ${put(since)}`]),
  ];
}

function isTarget(target: string, put: (value: unknown) => string): string {
  const own = put(target);
  return `(target = ${own} OR slug = ${own}${isUuid(target) ? ` OR entity_id = ${put(target)}` : ''})`;
}
