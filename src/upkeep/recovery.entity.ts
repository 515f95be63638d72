import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Recovered, RecoveryKind } from '../domain/vocabulary.js';

/** What was found lost and was repaired within an hour. */
@Entity('recoveries')
export class Recovery {
  @PrimaryColumn('timestamptz') hour: Date;
  @PrimaryColumn('text') kind: RecoveryKind;
  @PrimaryColumn('text') of: Recovered;
  @Column('integer') count: number;
  @Column('timestamptz', { default: () => 'now()' }) last_at: Date;
}
