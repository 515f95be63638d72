import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Someone who makes films. One that so far is only known from a cast has no biography. */
@Entity('people')
export class Person {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { unique: true }) slug: string;
  /** The slug without the year: what people of one name share. */
  @Column('text') name_slug: string;
  @Column('text') name: string;
  @Column('smallint', { nullable: true }) birth_year: number | null;
  @Column('date', { nullable: true }) birth_date: string | null;
  @Column('text', { nullable: true }) birthplace: string | null;
  /** Whether there is a text of any locale and manner; the database keeps it. */
  @Column('boolean', { default: false }) has_text: boolean;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  @Column('timestamptz', { default: () => 'now()' }) updated_at: Date;
}
