import { Column, Entity, JoinTable, ManyToMany, PrimaryColumn, type Relation } from 'typeorm';
import { Genre } from '../catalog/genre.entity.js';

/** A film. A film known only from a person's filmography has no description. */
@Entity('movies')
export class Movie {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { unique: true }) slug: string;
  /** The slug without the year: films of one title share it. */
  @Column('text') title_slug: string;
  @Column('text') title: string;
  @Column('text', { nullable: true }) original_title: string | null;
  @Column('smallint', { nullable: true }) release_year: number | null;
  @Column('text', { nullable: true }) director: string | null;
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
  @ManyToMany(() => Genre)
  @JoinTable({
    name: 'movie_genres',
    joinColumn: { name: 'movie_id' },
    inverseJoinColumn: { name: 'genre_id' },
    synchronize: false,
  })
  genres: Relation<Genre[]>;
}
