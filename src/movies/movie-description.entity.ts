import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation, Unique } from 'typeorm';
import type { ContextTag, Locale } from '../domain/vocabulary.js';
import { Movie } from './movie.entity.js';

/** One version of a film's description in one locale and context tag. Every version is kept. */
@Entity('movie_descriptions')
@Unique('movie_descriptions_versions', ['movie_id', 'locale', 'context_tag', 'version'])
export class MovieDescription {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') movie_id: string;
  /** The job that wrote it: a job has one text, and no two jobs share one. `null` once the job is forgotten. */
  @Column('uuid', { nullable: true, unique: true }) job_id: string | null;
  @Column('text') locale: Locale;
  @Column('text') context_tag: ContextTag;
  @Column('integer') version: number;
  @Column('text') text: string;
  @Column('text') origin: string;
  /** Name of the model, `mock` for the mock; `null`: somebody wrote it. */
  @Column('text', { nullable: true }) ai_model: string | null;
  /** Version of the prompts; `null`: somebody wrote it, or it is of before there were versions. */
  @Column('text', { nullable: true }) prompt_version: string | null;
  /** Somebody wrote or chose it: it is served in place of newer ones. */
  @Column('boolean', { default: false }) pinned: boolean;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  @ManyToOne(() => Movie, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'movie_id', foreignKeyConstraintName: 'movie_descriptions_movie' })
  movie: Relation<Movie>;
}
