import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import type { PersonRole } from '../domain/vocabulary.js';

/** Who did what in which film. */
@Entity('movie_people')
export class MoviePerson {
  @PrimaryColumn('uuid') movie_id: string;
  @PrimaryColumn('uuid') person_id: string;
  @PrimaryColumn('text') role: PersonRole;
  @Column('text', { nullable: true }) character_name: string | null;
  /** Place in the credits from 1; `null` when known only from the person's side. */
  @Column('smallint', { nullable: true }) billing_order: number | null;
  // By name: films and people stand above what they share.
  @ManyToOne('Movie', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'movie_id', foreignKeyConstraintName: 'movie_people_movie' })
  movie: unknown;
  @ManyToOne('Person', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'person_id', foreignKeyConstraintName: 'movie_people_person' })
  person: unknown;
}
