import { ApiProperty } from '@nestjs/swagger';
import { ALL_QUEUES } from '../domain/queues.js';
import { FlagField } from '../http/fields.js';
import { queueHoldOf } from '../ledger/hold.js';
import { JobHoldDto } from '../jobs/jobs.dto.js';
import {
  type JobsReport,
  type QueueCounts,
  type QueueReport,
  RATE_MINUTES,
  type WorkerReport,
} from '../health/queue-report.js';

const count = (example: number, description: string) => ApiProperty({ type: 'integer', example, description });

/** Counts of jobs in the ledger; for webhooks, of messages. */
class QueuedJobsDto implements JobsReport {
  @count(0, 'PENDING, due, and not handed to the queue yet')
  due: number;

  @count(2, 'PENDING, waiting for the end of a back-off')
  delayed: number;

  @count(40, 'PENDING, in the queue or with a worker that has not begun')
  dispatched: number;

  @count(10, 'IN_PROGRESS')
  in_progress: number;

  @count(3, 'FAILED, and kept until they are retried or forgotten')
  failed: number;

  @ApiProperty({ type: Number, nullable: true, example: 1.5, description: 'How long the oldest due job has waited' })
  oldest_waiting_seconds: number | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    example: null,
    description: 'How long the oldest due job has waited to be handed to the queue',
  })
  dispatch_lag_seconds: number | null;

  @ApiProperty({ example: 118.4, description: `DONE or FAILED, a minute, over the last ${RATE_MINUTES} minutes` })
  finished_per_minute: number;
}

class QueueCountsDto {
  @count(40, 'Waiting for a worker')
  waiting: number;

  @count(10, 'With a worker')
  active: number;

  @count(0, 'Waiting for their time')
  delayed: number;
}

class WorkerDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ example: 'worker-1' })
  host: string;

  @ApiProperty({ type: 'integer', example: 4711 })
  pid: number;

  @ApiProperty({ type: String, nullable: true, example: '0.1.0', description: 'Of its program; null: it does not say' })
  version: string | null;

  @ApiProperty({ type: [String], example: ['movies', 'people'] })
  queues: string[];

  @ApiProperty({ type: String, nullable: true, example: 'gpt-4.1-mini', description: 'null: it does not say' })
  model: string | null;

  @count(10, 'Jobs it runs at once, of each queue')
  concurrency: number;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    example: 10,
    description: 'Jobs of this queue it runs now; null for webhooks, where it is not known',
  })
  running: number | null;

  @ApiProperty({ format: 'date-time' })
  started_at: string;

  @ApiProperty({ format: 'date-time', description: 'Its last sign of life' })
  seen_at: string;

  static from({ started_at, seen_at, ...row }: WorkerReport): WorkerDto {
    return { ...row, started_at: started_at.toISOString(), seen_at: seen_at.toISOString() };
  }
}

export class QueueDto {
  @ApiProperty({ enum: ALL_QUEUES, example: 'movies' })
  name: string;

  @ApiProperty({ example: false })
  paused: boolean;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null, description: 'null: not paused' })
  paused_at: string | null;

  @ApiProperty({
    type: JobHoldDto,
    nullable: true,
    example: null,
    description: 'null: nothing',
  })
  hold: JobHoldDto | null;

  @ApiProperty({ type: QueuedJobsDto })
  jobs: JobsReport;

  @ApiProperty({
    type: QueueCountsDto,
    nullable: true,
    description: 'As the queue itself counts',
  })
  queue: QueueCountsDto | null;

  @ApiProperty({ type: String, nullable: true, example: null, description: 'Why queue is null' })
  queue_unknown: string | null;

  @ApiProperty({ type: [WorkerDto], description: 'Processes that run its jobs and are alive' })
  workers: WorkerDto[];

  static from(report: QueueReport, counts: QueueCounts): QueueDto {
    const { name, paused_at, jobs, workers } = report;
    return {
      name,
      paused: paused_at !== null,
      paused_at: paused_at?.toISOString() ?? null,
      hold: queueHoldOf(report),
      jobs,
      queue: 'unknown' in counts ? null : counts,
      queue_unknown: 'unknown' in counts ? counts.unknown : null,
      workers: workers.map((worker) => WorkerDto.from(worker)),
    };
  }
}

export class QueueListDto {
  @ApiProperty({ type: [QueueDto] })
  queues: QueueDto[];
}

export class ResumeQueueQuery {
  @FlagField({
    required: false,
    default: false,
    example: false,
    description:
      'true: ends the back-off in this queue, and in all the pause that the model asked for; ' +
      'a model that is held is asked at once',
  })
  now = false;
}
