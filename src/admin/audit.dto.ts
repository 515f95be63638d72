import { ApiProperty } from '@nestjs/swagger';
import {
  type Action,
  ACTIONS,
  ACTORS,
  type Actor,
  type Edit,
  EDITS,
  type TargetKind,
  TARGETS,
} from '../audit/actions.js';
import type { AuditEntry } from '../audit/audit-entry.entity.js';
import { ENTITIES, type EntityKind } from '../domain/kinds.js';
import { FormField, MomentField, SlugField, TextField, WordField } from '../http/fields.js';
import { EXAMPLE_ID, IdPageQuery } from './edits.dto.js';

const UUID = '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$';

export class AuditQuery extends IdPageQuery {
  @WordField({ required: false, words: ACTIONS, example: 'pause_queue', description: 'What was done' })
  action?: Action;

  @WordField({ required: false, words: TARGETS, example: 'QUEUE', description: 'What kind of thing it was done to' })
  target_kind?: TargetKind;

  @TextField({
    required: false,
    min: 1,
    max: 255,
    missing: 'must be a string',
    example: 'movies',
    description: 'Its id or name; of a film or a person also the slug that it had then',
  })
  target?: string;

  @FormField({
    required: false,
    pattern: UUID,
    min: 36,
    max: 36,
    form: 'the UUID of a key',
    example: EXAMPLE_ID,
    description: 'Id of the key that did it',
  })
  key?: string;

  @MomentField({ required: false, example: '2026-11-23T00:00:00Z', description: 'Not done before; or an age: 12h' })
  since?: Date;
}

export class AuditLogQuery extends IdPageQuery {
  @WordField({ required: false, words: ENTITIES, example: 'MOVIE', description: 'What was changed' })
  entity?: EntityKind;

  @SlugField({ required: false, example: 'the-matrix-1999', description: 'The slug that it had then' })
  slug?: string;

  @WordField({ required: false, words: EDITS, example: 'correct', description: 'What was done' })
  action?: Edit;

  @MomentField({ required: false, example: '2026-11-23T00:00:00Z', description: 'Not done before; or an age: 12h' })
  since?: Date;
}

/** Who did something, and when. */
class DoneDto {
  @ApiProperty({ format: 'uuid', example: EXAMPLE_ID })
  id: string;

  @ApiProperty({ format: 'date-time' })
  at: string;

  @ApiProperty({
    enum: ACTORS,
    nullable: true,
    example: 'key',
    description:
      'key; bootstrap: ADMIN_TOKEN, or a command on the embedded database; anybody: no key is needed; ' +
      'cli: a command on the database. null: of before this was written down',
  })
  actor: Actor | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'editors',
    description: 'The name that the key had then, or the user who ran the command',
  })
  actor_name: string | null;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'null: it was no key' })
  api_key_id: string | null;
}

export class DeedDto extends DoneDto {
  @ApiProperty({
    type: String,
    nullable: true,
    example: '019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b',
    description: 'null: there was no request',
  })
  request_id: string | null;

  @ApiProperty({ type: String, example: 'pause_queue', description: `There may be more than ${ACTIONS.join(', ')}` })
  action: string;

  @ApiProperty({ type: String, example: 'QUEUE', description: `There may be more than ${TARGETS.join(', ')}` })
  target_kind: string;

  @ApiProperty({ type: String, nullable: true, example: 'movies', description: 'Its id or name; null: many' })
  target: string | null;

  @ApiProperty({ type: String, nullable: true, example: null, description: 'Of a film or a person: its slug then' })
  slug: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { count: 12, filter: { type: 'AI_API_ERROR' } },
    description: 'What it was before and is now, or how many; never a secret, of texts their versions alone',
  })
  details: object;

  static from({ at, entity, entity_id, target_kind, target, ...entry }: AuditEntry): DeedDto {
    return { ...entry, at: at.toISOString(), target_kind: (entity ?? target_kind)!, target: entity_id ?? target };
  }
}

export class DeedListDto {
  @ApiProperty({ type: [DeedDto] })
  results: DeedDto[];

  @ApiProperty({ type: String, nullable: true, example: null, description: 'For cursor; null: there is no more' })
  next_cursor: string | null;
}

export class AuditEntryDto extends DoneDto {
  @ApiProperty({ example: '019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b' })
  request_id: string;

  @ApiProperty({ enum: EDITS, example: 'correct' })
  action: string;

  @ApiProperty({ enum: ENTITIES, example: 'MOVIE' })
  entity: EntityKind;

  @ApiProperty({ format: 'uuid', example: EXAMPLE_ID })
  entity_id: string;

  @ApiProperty({ example: 'the-matrix-1999' })
  slug: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { year: { before: 1998, after: 1999 } },
    description: 'What it was before and is now; of texts their versions alone',
  })
  details: object;

  /** @param row of a film or a person */
  static from(row: AuditEntry): AuditEntryDto {
    const { id, at, actor, actor_name, api_key_id, request_id, action, entity, entity_id, slug, details } = row;
    const who = { actor, actor_name, api_key_id, request_id: request_id! };
    const what = { action, entity: entity!, entity_id: entity_id!, slug: slug!, details };
    return { id, at: at.toISOString(), ...who, ...what };
  }
}

export class AuditLogDto {
  @ApiProperty({ type: [AuditEntryDto] })
  results: AuditEntryDto[];

  @ApiProperty({ type: String, nullable: true, example: null, description: 'For cursor; null: there is no more' })
  next_cursor: string | null;
}
