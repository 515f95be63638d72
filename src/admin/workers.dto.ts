import { ApiProperty } from '@nestjs/swagger';
import { ALL_QUEUES } from '../domain/queues.js';
import type { FleetWorker } from '../worker/fleet.js';

export const WORKER_STATES = ['ACTIVE', 'DRAINING', 'DRAINED', 'SILENT'] as const;
export type WorkerState = (typeof WORKER_STATES)[number];

export const EXAMPLE_WORKER_ID = '019ab1d2-7c3e-7000-8000-0a0b0c0d0e0f';

export class FleetWorkerDto {
  @ApiProperty({ format: 'uuid', example: EXAMPLE_WORKER_ID, description: 'Another one after each start' })
  id: string;

  @ApiProperty({ example: 'worker-1:4711', description: 'host:pid, as attempts of jobs name it' })
  name: string;

  @ApiProperty({ example: 'worker-1' })
  host: string;

  @ApiProperty({ type: 'integer', example: 4711 })
  pid: number;

  @ApiProperty({ type: String, nullable: true, example: '0.1.0', description: 'Of the program; null: not known' })
  version: string | null;

  @ApiProperty({ enum: ALL_QUEUES, isArray: true, example: [...ALL_QUEUES] })
  queues: string[];

  @ApiProperty({ type: [String], example: ['gpt-4.1-mini'], description: 'That write its texts, as it prefers them' })
  models: string[];

  @ApiProperty({ type: 'integer', example: 10, description: 'Jobs it runs at once, of each queue of jobs' })
  concurrency: number;

  @ApiProperty({
    enum: WORKER_STATES,
    example: 'ACTIVE',
    description:
      'DRAINING: it is asked to take no new job, or takes none and ends those it has. DRAINED: it has none, and may ' +
      'be stopped. SILENT: its heartbeats do not come',
  })
  state: WorkerState;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null, description: 'null: not asked' })
  drain_asked_at: string | null;

  @ApiProperty({ type: 'integer', example: 3, description: 'Jobs it runs now' })
  running: number;

  @ApiProperty({ format: 'date-time' })
  started_at: string;

  @ApiProperty({ format: 'date-time', description: 'Its last sign of life' })
  seen_at: string;

  static from({ drain_asked_at, started_at, seen_at, ...worker }: FleetWorker): FleetWorkerDto {
    const { id, name, host, pid, version, queues, models, concurrency, running } = worker;
    return {
      id,
      name,
      host,
      pid,
      version,
      queues,
      models,
      concurrency,
      state: stateOf(worker, drain_asked_at !== null),
      drain_asked_at: drain_asked_at?.toISOString() ?? null,
      running,
      started_at: started_at.toISOString(),
      seen_at: seen_at.toISOString(),
    };
  }
}

function stateOf({ alive, quiet, running }: Pick<FleetWorker, 'alive' | 'quiet' | 'running'>, asked: boolean) {
  if (!alive) return 'SILENT';
  if (quiet) return running > 0 ? 'DRAINING' : 'DRAINED';
  return asked ? 'DRAINING' : 'ACTIVE';
}

export class FleetDto {
  @ApiProperty({ type: [FleetWorkerDto] })
  workers: FleetWorkerDto[];
}
