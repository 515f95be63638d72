import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A secret that all servers of a database share. It is kept in clear, because signing needs it. */
@Entity('server_secrets')
export class ServerSecret {
  /** What it is for. */
  @PrimaryColumn('text') name: string;
  /** Random bytes, 32 of them. */
  @Column('bytea') secret: Buffer;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
}
