import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import type { PersonRole } from '../domain/vocabulary.js';

/** One part of a person in a film. */
@Entity('movie_people')
export class MoviePerson {
  @PrimaryColumn('uuid') movie_id: string;
  @PrimaryColumn('uuid') person_id: string;
  @PrimaryColumn('text') role: PersonRole;
  /** The first of the characters. A trigger keeps it, for processes of the version before. */
  @Column('text', { nullable: true }) character_name: string | null;
  /** Place in the credits from 1; `null`: the credit is known only from the person's side. */
  @Column('smallint', { nullable: true }) billing_order: number | null;
  /** The characters that the facts of the film tell, and those of the person; `null`: they do not tell the part. */
  @Column('text', { array: true, nullable: true }) by_movie: string[] | null;
  @Column('text', { array: true, nullable: true }) by_person: string[] | null;
  // By name: films and people stand above what they share.
  @ManyToOne('Movie', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'movie_id', foreignKeyConstraintName: 'movie_people_movie' })
  movie: unknown;
  @ManyToOne('Person', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'person_id', foreignKeyConstraintName: 'movie_people_person' })
  person: unknown;
}
