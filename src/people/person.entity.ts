import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A person who makes films. A person known only from a cast has no biography. */
@Entity('people')
export class Person {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { unique: true }) slug: string;
  /** The slug without the year: people of one name share it. */
  @Column('text') name_slug: string;
  @Column('text') name: string;
  @Column('smallint', { nullable: true }) birth_year: number | null;
  @Column('date', { nullable: true }) birth_date: string | null;
  @Column('text', { nullable: true }) birthplace: string | null;
  /** Whether facts of it were written; else only somebody's credits name it. */
  @Column('boolean', { default: false }) known: boolean;
  /** What its name is compared by. */
  @Column('text', { array: true, default: [] }) keys: string[];
  @Column('text', { nullable: true, unique: true }) imdb_id: string | null;
  @Column('integer', { nullable: true, unique: true }) tmdb_id: number | null;
  /** Others of its name that the model told of. */
  @Column('jsonb', { default: [] }) namesakes: { text: string; year: number | null }[];
  /** Whether there is a text of any locale and manner; the database keeps it. */
  @Column('boolean', { default: false }) has_text: boolean;
  /** Fields that somebody corrected: no model changes them. */
  @Column('text', { array: true, default: [] }) edited: string[];
  /** Not shown in lists, credits and searches. */
  @Column('boolean', { default: false }) hidden: boolean;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  @Column('timestamptz', { default: () => 'now()' }) updated_at: Date;
}
