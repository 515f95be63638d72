import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Database, sql } from '../database/sql.js';
import { REDISPATCH_LOCK } from '../database/lock-holder.js';
import { ENTITIES, KINDS } from '../domain/kinds.js';
import { QUEUE_OF_ROW, type QueueName } from '../domain/queues.js';
import type { Address } from '../queue/outbox.js';
import { NOT_HELD } from './held-models.js';
import { NOT_BOUNDED } from './fleet-bounds.js';
import type { GenerationJob } from './generation-job.entity.js';
import { JobsService } from './jobs.service.js';
import { OutboxTable } from './outbox-table.js';
import { NOT_PAUSED } from './pauses.js';
import { NOT_THROTTLED } from './throttle.js';
import { Tracing } from '../tracing/tracing.js';

type Due = Pick<GenerationJob, 'id' | 'entity' | 'dispatch'> & { traceparent?: string | null };

/** The outbox of jobs. */
@Injectable()
export class JobsOutbox extends OutboxTable<Due> {
  readonly name = 'jobs';
  readonly loop = 'dispatch-jobs';
  readonly lock = REDISPATCH_LOCK;

  constructor(
    db: DataSource,
    private readonly jobs: JobsService,
    private readonly tracing: Tracing,
  ) {
    const free = `${NOT_THROTTLED} AND ${NOT_HELD} AND ${NOT_BOUNDED}`;
    const queues = ENTITIES.map((entity) => `entity = '${entity}'`);
    super(db, { name: 'generation_jobs', columns: 'id, entity, dispatch', notPaused: NOT_PAUSED, free, queues });
  }

  addressOf({ id, entity }: Due): Address {
    const { queue, jobName: name } = KINDS[entity];
    return { queue, name, data: { job_id: id } };
  }

  onDue(wake: (fresh?: Due[]) => void): void {
    this.jobs.events.on('dispatchable', wake);
  }

  lockDue(tx: Database, limit: number): Promise<Due[]> {
    return sql<Due>(
      tx,
      `SELECT id, entity, dispatch${this.tracing.isOn ? ', traceparent' : ''} FROM generation_jobs
       WHERE status = 'PENDING' AND dispatched_at IS NULL AND run_at <= now()
       ORDER BY run_at LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED`,
      [limit],
    );
  }

  /** Ends the back-off of all that waits in this queue. Tries that were made stay counted. */
  endWaits(queue: QueueName): Promise<void> {
    return this.bringForward(`${QUEUE_OF_ROW} = '${queue}'`);
  }

  protected announce(): void {
    this.jobs.events.emit('dispatchable');
  }
}
