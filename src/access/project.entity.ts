import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Keys that see each other's jobs and batches. */
@Entity('projects')
export class Project {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { unique: true }) name: string;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
}
