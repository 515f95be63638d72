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
  /** Whether there is a text of any locale and context tag; a trigger keeps it up to date. */
  @Column('boolean', { default: false }) has_text: boolean;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  @Column('timestamptz', { default: () => 'now()' }) updated_at: Date;
}
