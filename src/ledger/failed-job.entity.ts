import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A job that used up its tries. The transaction that makes it FAILED writes this row; it stays until the job is retried
 * or forgotten.
 */
@Entity('failed_jobs')
export class FailedJob {
  @PrimaryColumn('uuid') uuid: string;
  @Column('uuid', { unique: true }) job_id: string;
  /** The queue driver in use: redis or database. */
  @Column('text') connection: string;
  @Column('text') queue: string;
  /** GenerateMovieJob or GeneratePersonJob. */
  @Column('text') name: string;
  /** What an operator needs to understand and repeat the request. */
  @Column('jsonb') payload: object;
  /** Type and message of the last error; no stack. */
  @Column('text') exception: string;
  @Column('smallint') attempts: number;
  @Column('timestamptz', { default: () => 'now()' }) failed_at: Date;
}
