import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { sql } from '../database/sql.js';
import { Loops } from '../health/loops.js';
import type { GenerationJob } from '../jobs/generation-job.entity.js';
import { JobsService } from '../jobs/jobs.service.js';
import { DispatchLoop, POLL_MS } from './dispatch-loop.js';
import { JOB_NAMES, type Producers, PRODUCERS, QUEUE_OF, type QueueName, QUEUES } from './names.js';
import { QueueConnections } from './queue-connections.js';

/** What the queue has to know of a job. */
export type Due = Pick<GenerationJob, 'id' | 'entity' | 'dispatch'>;

const BATCH = 500;

/**
 * Moves committed ids into the queue, after the answer, in batches; every process has one, and they share the work:
 *
 * 1. lock due rows that no other dispatcher has locked (by state, never by "id > last seen": late commits are not skipped);
 * 2. add their ids to the queue; each under an id of its own per dispatch, so that adding twice does nothing;
 * 3. mark them dispatched and commit. Death before the commit leaves them due.
 *
 * The transaction spans the call to the queue on purpose; that call is bounded to a second.
 */
@Injectable()
export class Dispatcher implements OnApplicationBootstrap {
  private readonly loop: DispatchLoop;

  constructor(
    private readonly db: DataSource,
    private readonly jobs: JobsService,
    @Inject(PRODUCERS) private readonly queues: Producers,
    private readonly connections: QueueConnections,
    loops: Loops,
  ) {
    const loop = loops.open('dispatch-jobs', POLL_MS);
    this.loop = new DispatchLoop('jobs', () => this.dispatchBatch(), BATCH, loop);
  }

  onApplicationBootstrap(): void {
    this.jobs.events.on('dispatchable', () => this.loop.wake());
    this.loop.start();
  }

  /** Ends after the batch in hand. */
  async stop(): Promise<void> {
    await this.loop.stop();
  }

  /** Whether the queue knows this job. */
  async holds(job: Due): Promise<boolean> {
    return (await this.stateOf(job)) !== 'unknown';
  }

  /** `active`: a worker has it, or had; `unknown`: the queue does not know it. */
  stateOf(job: Due): Promise<string> {
    const queue = this.queues[QUEUE_OF[job.entity]];
    return this.connections.ask(() => queue.getJobState(queueIdOf(job)));
  }

  /** @returns how many were dispatched */
  private dispatchBatch(): Promise<number> {
    return this.db.transaction(async (tx) => {
      const due = await lockDue(tx);
      if (due.length === 0) return 0;
      await Promise.all(
        QUEUES.map((queue) =>
          this.add(
            queue,
            due.filter((job) => QUEUE_OF[job.entity] === queue),
          ),
        ),
      );
      await sql(tx, 'UPDATE generation_jobs SET dispatched_at = now() WHERE id = ANY($1::uuid[])', [
        due.map((job) => job.id),
      ]);
      return due.length;
    });
  }

  private async add(queue: QueueName, due: Due[]): Promise<void> {
    if (due.length === 0) return;
    const jobs = due.map(({ id, entity, dispatch }) => ({
      name: JOB_NAMES[entity],
      data: { job_id: id },
      opts: { jobId: queueIdOf({ id, dispatch }), removeOnComplete: true, removeOnFail: true },
    }));
    await this.connections.ask(() => this.queues[queue].addBulk(jobs));
  }
}

/** A new one each time the job becomes PENDING; BullMQ ignores an id that it still knows. */
const queueIdOf = ({ id, dispatch }: Pick<Due, 'id' | 'dispatch'>) => `${id}.${dispatch}`;

function lockDue(tx: EntityManager): Promise<Due[]> {
  return sql<Due>(
    tx,
    `SELECT id, entity, dispatch FROM generation_jobs WHERE status = 'PENDING' AND dispatched_at IS NULL AND run_at <= now()
     ORDER BY run_at LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED`,
    [BATCH],
  );
}
