import { ApiProperty } from '@nestjs/swagger';
import { BackupDto } from './backups.dto.js';
import { FindingDto } from './findings.dto.js';
import type { Recovered24h } from './safety-report.js';
import {
  type JobStatus,
  RECOVERED,
  type Recovered,
  RECOVERY_KINDS,
  type RecoveryKind,
  STATUSES,
} from '../domain/vocabulary.js';
import { ALL_QUEUES } from '../domain/queues.js';
import type { QueueReport } from './queue-report.js';
import { queueHoldOf } from '../ledger/hold.js';
import { JobHoldDto } from '../jobs/jobs.dto.js';
import type { Durability, JobsReport, LedgerReport } from './ledger-report.js';
import { type LoopName, LOOPS } from '../timing/loop-names.js';
import type { ProcessLoop } from './loops-reader.js';
import type { RedisReport, Replica } from './redis-report.js';

class DurabilityDto implements Durability {
  @ApiProperty({ example: 'on' })
  fsync: string;

  @ApiProperty({ example: 'on' })
  synchronous_commit: string;

  @ApiProperty({ example: 'on' })
  full_page_writes: string;
}

class PostgresDto {
  @ApiProperty({ enum: ['up', 'read-only', 'down'], example: 'up' })
  state: LedgerReport['postgres']['state'];

  @ApiProperty({ type: String, nullable: true, example: '18.1' })
  version: string | null;

  @ApiProperty({ type: 'integer', example: 1, description: 'Migrations the database has' })
  migrations: number;

  @ApiProperty({ type: 'integer', example: 1, description: 'Migrations this program has' })
  migrations_known: number;

  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'The oldest release that the tables serve; null: none is shut out',
  })
  least_program: string | null;

  @ApiProperty({ type: DurabilityDto, nullable: true, description: 'null: PostgreSQL does not answer' })
  durability: DurabilityDto | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'Who blocks a start; null: nobody',
  })
  migration_lock: string | null;
}

class JobsDetailDto implements JobsReport {
  @ApiProperty({
    type: 'object',
    properties: Object.fromEntries(STATUSES.map((status) => [status, { type: 'integer' }])),
    required: [...STATUSES],
    example: { PENDING: 12, IN_PROGRESS: 10, DONE: 90210, FAILED: 3, CANCELLED: 1, EXPIRED: 0 },
  })
  counts: Record<JobStatus, number>;

  @ApiProperty({
    example: true,
    description: 'Whether DONE, CANCELLED and EXPIRED are estimates',
  })
  counts_estimated: boolean;

  @ApiProperty({ type: Number, nullable: true, example: 1.5, description: 'How long the oldest due job has waited' })
  oldest_waiting_seconds: number | null;

  @ApiProperty({ example: 0, description: 'Of the oldest due job' })
  dispatch_lag_seconds: number;
}

class RedisReplicaDto implements Replica {
  @ApiProperty({ example: '10.0.0.2:6379' })
  address: string;

  @ApiProperty({ example: 'online', description: 'online: it follows' })
  state: string;

  @ApiProperty({ type: 'integer', example: 0 })
  behind_bytes: number;

  @ApiProperty({ type: 'integer', example: 0, description: 'Since it was last heard' })
  silent_seconds: number;
}

class RedisDetailDto implements RedisReport {
  @ApiProperty({ enum: ['up', 'down'], example: 'up' })
  state: 'up' | 'down';

  @ApiProperty({ example: '7.2.5', description: 'As all texts here: unknown when Redis does not say' })
  version: string;

  @ApiProperty({
    type: Boolean,
    nullable: true,
    example: true,
    description: 'null: it does not say',
  })
  password_required: boolean | null;

  @ApiProperty({ example: '4c1f0a52b1e34f5f0d0a5c7d2f0c1e6a9b8d7c6e', description: 'New at each start of Redis' })
  run_id: string;

  @ApiProperty({ enum: ['yes', 'no', 'unknown'], example: 'yes' })
  aof_enabled: string;

  @ApiProperty({ example: 'everysec' })
  appendfsync: string;

  @ApiProperty({ example: 'ok' })
  aof_last_write_status: string;

  @ApiProperty({ example: 'ok' })
  aof_last_rewrite_status: string;

  @ApiProperty({ example: '3600 1 300 100 60 10000', description: 'Rules of the snapshots; empty: none' })
  save: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2026-11-23T10:00:00.000Z' })
  rdb_last_save_time: string | null;

  @ApiProperty({ example: 'ok' })
  rdb_last_bgsave_status: string;

  @ApiProperty({ type: 'integer', nullable: true, example: 0, description: 'Bytes; 0: no limit' })
  maxmemory: number | null;

  @ApiProperty({ example: 'noeviction' })
  maxmemory_policy: string;

  @ApiProperty({ type: 'integer', nullable: true, example: 1048576, description: 'Bytes' })
  used_memory: number | null;

  @ApiProperty({ type: 'integer', nullable: true, example: 12 })
  connected_clients: number | null;

  @ApiProperty({ type: 'integer', nullable: true, example: 10_000 })
  maxclients: number | null;

  @ApiProperty({ enum: ['primary', 'replica', 'unknown'], example: 'primary' })
  role: RedisReport['role'];

  @ApiProperty({ example: 'unknown', description: 'Of a replica: up or down, that to its primary' })
  primary_link: string;

  @ApiProperty({ type: [RedisReplicaDto], description: 'Those that are connected to a primary' })
  replicas: RedisReplicaDto[];

  @ApiProperty({ type: String, nullable: true, example: null, description: 'Why it is down, where it is known' })
  trouble: string | null;
}

export class QueueDetailDto {
  @ApiProperty({ enum: ALL_QUEUES, example: 'movies' })
  name: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null, description: 'null: not paused' })
  paused_at: string | null;

  @ApiProperty({
    type: JobHoldDto,
    nullable: true,
    example: null,
    description: 'null: nothing',
  })
  hold: JobHoldDto | null;

  @ApiProperty({ type: 'integer', example: 2, description: 'Processes that run its jobs and are alive' })
  workers: number;

  @ApiProperty({
    type: 'integer',
    example: 20,
    description: 'Jobs they can run at once, without those that are drained',
  })
  places: number;

  static from(report: QueueReport): QueueDetailDto {
    const { name, paused_at, workers } = report;
    const places = workers.reduce((sum, { concurrency, quiet }) => sum + (quiet ? 0 : concurrency), 0);
    const paused = paused_at?.toISOString() ?? null;
    return { name, paused_at: paused, hold: queueHoldOf(report), workers: workers.length, places };
  }
}

const ago = (seconds: number | null) => (seconds === null ? null : new Date(Date.now() - seconds * 1000).toISOString());

export class LoopDto {
  @ApiProperty({ enum: LOOPS, example: 'dispatch-jobs' })
  name: LoopName;

  @ApiProperty({ example: 'worker-1:4711', description: 'host:pid of the process it belongs to' })
  process: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2026-11-23T10:00:00.000Z' })
  last_success_at: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  last_refusal_at: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'Why it stands still, or the last refusal',
  })
  reason: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    example: null,
    description: 'null: it works',
  })
  standing_since: string | null;

  static from({ name, process, reason, ...loop }: ProcessLoop): LoopDto {
    const [last_success_at, last_refusal_at] = [ago(loop.success_seconds), ago(loop.refusal_seconds)] as const;
    return { name, process, last_success_at, last_refusal_at, reason, standing_since: ago(loop.standing_seconds) };
  }
}

export class RecoveryDto {
  @ApiProperty({
    enum: RECOVERY_KINDS,
    example: 'worker_lost',
    description:
      'worker_lost: a worker fell silent. queue_lost: the queue had lost some. queue_refilled: Redis had lost all. ' +
      'not_begun: a worker took them and did not begin. clock_set_back: that of PostgreSQL',
  })
  kind: RecoveryKind;

  @ApiProperty({ enum: RECOVERED, example: 'jobs' })
  of: Recovered;

  @ApiProperty({ type: 'integer', example: 3, description: 'How many went on; those of one hour are counted together' })
  count: number;

  @ApiProperty({ format: 'date-time', example: '2026-11-23T10:00:00.000Z' })
  last_at: string;

  static from({ last_at, ...recovery }: Recovered24h): RecoveryDto {
    return { ...recovery, last_at: last_at.toISOString() };
  }
}

/** The report for operators. */
export class DetailDto {
  @ApiProperty({ example: '0.1.0', description: 'Of the program that answers; those of workers are in /admin/queues' })
  version: string;

  @ApiProperty({ example: '24.21.0', description: 'Its Node' })
  node: string;

  @ApiProperty({ type: PostgresDto })
  postgres: PostgresDto;

  @ApiProperty({ type: JobsDetailDto, nullable: true, description: 'null: PostgreSQL does not answer, or not in time' })
  jobs: JobsDetailDto | null;

  @ApiProperty({ type: [QueueDetailDto], nullable: true, description: 'null: as jobs' })
  queues: QueueDetailDto[] | null;

  @ApiProperty({ enum: ['redis', 'database'], example: 'redis', description: 'Where the queue lives' })
  queue_connection: string;

  @ApiProperty({ type: RedisDetailDto, nullable: true, description: 'null: no Redis is used' })
  redis: RedisDetailDto | null;

  @ApiProperty({
    type: [LoopDto],
    description: 'Of the process that answers, and of all that run jobs',
  })
  loops: LoopDto[];

  @ApiProperty({
    type: [RecoveryDto],
    nullable: true,
    description: 'What was found lost over the last 24 h and was repaired; null: PostgreSQL does not answer',
  })
  recoveries: RecoveryDto[] | null;

  @ApiProperty({
    type: BackupDto,
    nullable: true,
    description: 'The last one that was noted (POST /admin/backups); null: none, or PostgreSQL does not answer',
  })
  backup: BackupDto | null;

  @ApiProperty({
    type: [String],
    example: [],
    description: 'What should be changed, one line each: message and action of the findings',
  })
  warnings: string[];

  @ApiProperty({ type: [FindingDto], description: 'What is unsafe, critical first' })
  findings: FindingDto[];

  @ApiProperty({ type: [String], example: [], description: 'What cannot be seen from here, one line each' })
  not_seen: string[];
}
