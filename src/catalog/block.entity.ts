import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { EntityKind } from '../domain/kinds.js';

/** A film or a person that is never made again, and what it is known by. */
@Entity('blocks')
export class Block {
  @PrimaryColumn('uuid') id: string;
  @Column('text') entity: EntityKind;
  /** The id that it had. */
  @Column('uuid') entity_id: string;
  @Column('text') name: string;
  @Column('smallint', { nullable: true }) year: number | null;
  @Column('text') slug: string;
  /** Slugs that it had, with and without the year. */
  @Column('text', { array: true }) slugs: string[];
  /** What its names are compared by. */
  @Column('text', { array: true }) keys: string[];
  @Column('text', { nullable: true }) imdb_id: string | null;
  @Column('integer', { nullable: true }) tmdb_id: number | null;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
}
