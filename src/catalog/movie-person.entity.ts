import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import type { PersonRole } from '../domain/vocabulary.js';
import { Person } from '../people/person.entity.js';
import { Movie } from '../movies/movie.entity.js';

/** Who did what in which film. */
@Entity('movie_people')
export class MoviePerson {
  @PrimaryColumn('uuid') movie_id: string;
  @PrimaryColumn('uuid') person_id: string;
  @PrimaryColumn('text') role: PersonRole;
  @Column('text', { nullable: true }) character_name: string | null;
  /** Place in the credits from 1; `null` when known only from the person's side. */
  @Column('smallint', { nullable: true }) billing_order: number | null;
  @ManyToOne(() => Movie, (movie) => movie.people, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'movie_id', foreignKeyConstraintName: 'movie_people_movie' })
  movie: Relation<Movie>;
  @ManyToOne(() => Person, (person) => person.movies, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'person_id', foreignKeyConstraintName: 'movie_people_person' })
  person: Relation<Person>;
}
