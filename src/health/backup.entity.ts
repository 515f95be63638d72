import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A backup that was noted: by the command that made it, or by an operator who has tools of their own. */
@Entity('backups')
export class Backup {
  @PrimaryColumn('uuid') id: string;
  @Column('timestamptz') finished_at: Date;
  @Column('timestamptz', { default: () => 'now()' }) noted_at: Date;
  /** Of the file; the driver reads it as text, for a number might not hold it. `null`: it was not said. */
  @Column('bigint', { nullable: true }) bytes: string | null;
  /** In hexadecimal digits. */
  @Column('text', { nullable: true }) sha256: string | null;
  @Column('text', { nullable: true }) tool: string | null;
  @Column('text', { nullable: true }) comment: string | null;
}
