import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import type { PersonRole } from '../domain/vocabulary.js';

/** One credit: a person, a film and the role. */
@Entity('movie_people')
export class MoviePerson {
  @PrimaryColumn('uuid') movie_id: string;
  @PrimaryColumn('uuid') person_id: string;
  @PrimaryColumn('text') role: PersonRole;
  @Column('text', { nullable: true }) character_name: string | null;
  /** Place in the credits from 1; `null`: the credit is known only from the person's side. */
  @Column('smallint', { nullable: true }) billing_order: number | null;
  // Named by a string, because films and people stand on a higher floor than this file.
  @ManyToOne('Movie', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'movie_id', foreignKeyConstraintName: 'movie_people_movie' })
  movie: unknown;
  @ManyToOne('Person', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'person_id', foreignKeyConstraintName: 'movie_people_person' })
  person: unknown;
}
