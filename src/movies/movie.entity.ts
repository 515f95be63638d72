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
  @Column('smallint', { nullable: true }) release_year: number | null;
  @Column('text', { nullable: true }) director: string | null;
  /** Whether there is a text of any locale and context tag; a trigger keeps it up to date. */
  @Column('boolean', { default: false }) has_text: boolean;
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
