import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import type { PersonRole } from '../domain/vocabulary.js';

/** One credit: a person, a film and the role. */
@Entity('movie_people')
export class MoviePerson {
  @PrimaryColumn('uuid', { default: () => 'uuid_v7_of_now()' }) id: string;
  @Column('uuid') movie_id: string;
  @Column('uuid') person_id: string;
  @Column('text') role: PersonRole;
  @Column('text', { nullable: true }) character_name: string | null;
  /** Place in the credits from 1; `null`: the credit is known only from the person's side. */
  @Column('smallint', { nullable: true }) billing_order: number | null;
  /** Who told it: the facts of the film, those of the person, or both. */
  @Column('boolean', { default: false }) by_movie: boolean;
  @Column('boolean', { default: false }) by_person: boolean;
  // By name: films and people stand above what they share.
  @ManyToOne('Movie', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'movie_id', foreignKeyConstraintName: 'movie_people_movie' })
  movie: unknown;
  @ManyToOne('Person', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'person_id', foreignKeyConstraintName: 'movie_people_person' })
  person: unknown;
}
