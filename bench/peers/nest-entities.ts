import {
  Column,
  CreateDateColumn,
  Entity,
  Index,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  type Relation,
  Unique,
} from 'typeorm';

@Entity('jobs')
export class JobEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column('text') title: string;
  @Column('smallint', { nullable: true }) release_year: number | null;
  @Column('text', { default: 'PENDING' }) status: string;
  @CreateDateColumn({ type: 'timestamptz' }) created_at: Date;
  @Column('timestamptz', { nullable: true }) started_at: Date | null;
  @Column('timestamptz', { nullable: true }) finished_at: Date | null;
}

@Entity('genres')
export class GenreEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column('text', { unique: true }) slug: string;
  @Column('text') name: string;
}

@Entity('films')
export class FilmEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column('text', { unique: true }) slug: string;
  @Column('text') title: string;
  @Column('smallint', { nullable: true }) release_year: number | null;
  @Column('text', { nullable: true }) director: string | null;
  @ManyToMany(() => GenreEntity)
  @JoinTable({ name: 'film_genres' })
  genres: Relation<GenreEntity>[];
  @CreateDateColumn({ type: 'timestamptz' }) created_at: Date;
}

@Entity('people')
export class PersonEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column('text', { unique: true }) slug: string;
  @Column('text') name: string;
}

@Entity('film_people')
export class CreditEntity {
  @PrimaryColumn('uuid') film_id: string;
  @Index()
  @PrimaryColumn('uuid')
  person_id: string;
  @PrimaryColumn('text') role: string;
  @Column('text', { nullable: true }) character_name: string | null;
  @Column('smallint', { nullable: true }) billing_order: number | null;
  @ManyToOne(() => FilmEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'film_id' })
  film: Relation<FilmEntity>;
  @ManyToOne(() => PersonEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'person_id' })
  person: Relation<PersonEntity>;
}

@Entity('texts')
@Unique(['film_id', 'version'])
export class TextEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column('uuid') film_id: string;
  @Column('uuid', { unique: true }) job_id: string;
  @Column('int') version: number;
  @Column('text') text: string;
  @Column('text') ai_model: string;
  @ManyToOne(() => FilmEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'film_id' })
  film: Relation<FilmEntity>;
}

export const ENTITIES = [JobEntity, GenreEntity, FilmEntity, PersonEntity, CreditEntity, TextEntity];
