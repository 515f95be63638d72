import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A job of a batch. */
@Entity('batch_jobs')
export class BatchJob {
  @PrimaryColumn('uuid') batch_id: string;
  @PrimaryColumn('uuid') job_id: string;
  /** Items of the request that this job serves: equal items share a job. */
  @Column('smallint') items: number;
}
