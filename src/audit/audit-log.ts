import { v7 as uuidv7 } from 'uuid';
import { type Session, sql } from '../database/sql.js';
import type { EntityKind } from '../domain/kinds.js';
import type { Actor, Edit, Operation, Thing } from './actions.js';

/** Something that was done to a film or a person. */
export interface EditDeed {
  action: Edit;
  entity: EntityKind;
  entity_id: string;
  slug: string;
  /** Never a text itself: what is taken back would stay here. */
  details: Record<string, unknown>;
}

/** Something that was done to anything else. */
export interface OperatorDeed {
  action: Operation;
  target_kind: Thing;
  /** An id or a name; `null`: many. */
  target: string | null;
  /** Never a secret. */
  details: Record<string, unknown>;
}

export type Deed = EditDeed | OperatorDeed;

/** Who did it. */
export interface Doer {
  api_key_id: string | null;
  /** `null`: there was no request. */
  request_id: string | null;
  actor: Actor;
  /** Of whoever has no key. */
  actor_name?: string | null;
}

const INSERT = `INSERT INTO audit_log (id, actor, actor_name, api_key_id, request_id, action, entity, entity_id, slug,
    target_kind, target, details)
  SELECT id, $2, COALESCE((SELECT name FROM api_keys WHERE id = $3::uuid), $4), $3::uuid, $5, action, entity,
    entity_id, slug, target_kind, target, details
  FROM jsonb_to_recordset($1::jsonb) AS row (id uuid, action text, entity text, entity_id uuid, slug text,
    target_kind text, target text, details jsonb)`;

/** Writes it down as part of the transaction that does it. */
export const noteDeed = (tx: Session, doer: Doer, deed: Deed): Promise<void> => noteDeeds(tx, doer, [deed]);

/** The same for many. */
export async function noteDeeds(tx: Session, doer: Doer, deeds: Deed[]): Promise<void> {
  if (deeds.length > 0) await insert(tx, doer, rowsOf(deeds));
}

const rowsOf = (deeds: Deed[]) => deeds.map((deed) => ({ id: uuidv7(), ...deed }));

async function insert(tx: Session, doer: Doer, rows: object[], more = ''): Promise<void> {
  const { actor, actor_name = null, api_key_id, request_id } = doer;
  await sql(tx, `${INSERT} ${more}`, [JSON.stringify(rows), actor, api_key_id, actor_name, request_id]);
}

/**
 * One row of the log for a deed that takes several transactions. Each adds what it has done, in itself, as
 * `details.count`. Where nothing was done there is no row.
 */
export class Tally {
  private readonly id = uuidv7();

  constructor(
    private readonly doer: Doer,
    private readonly deed: OperatorDeed,
  ) {}

  async add(tx: Session, count: number): Promise<void> {
    if (count === 0) return;
    const details = { ...this.deed.details, count };
    const raised = `ON CONFLICT (id) DO UPDATE SET details = audit_log.details || jsonb_build_object('count',
      (audit_log.details ->> 'count')::int + (EXCLUDED.details ->> 'count')::int)`;
    await insert(tx, this.doer, [{ id: this.id, ...this.deed, details }], raised);
  }
}
