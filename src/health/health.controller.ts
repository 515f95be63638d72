import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { version } from 'moviemind-command/node.js';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { HealthReads } from '../database/pools.js';
import { sqlRow } from '../database/sql.js';
import { Admin, Public } from '../access/auth.guard.js';
import { ProblemException, Problems, unavailable } from '../http/problem.js';
import { REDIS, type RedisClient } from '../redis/redis.js';
import { isRefusal } from '../redis/tolerant-redis.js';
import { QueueReports } from './queue-report.js';
import { queueWarnings } from './queue-warnings.js';
import { BackupDto } from './backups.dto.js';
import { DetailDto, LoopDto, QueueDetailDto, RecoveryDto } from './detail.dto.js';
import { LedgerReader, ledgerWarnings } from './ledger-report.js';
import { LoopsReader, loopWarnings } from './loops-reader.js';
import { redisWarnings, reportOf } from './redis-report.js';
import { backupWarnings, SafetyReader } from './safety-report.js';
import { WorkerRegistry } from '../worker/worker-registry.js';
import { LateError, within } from '../timing/within.js';

/** A database that does not answer within this time counts as away, milliseconds: the caller gives up soon after. */
const READY_WITHIN_MS = 3000;
const DETAIL_WITHIN_MS = 5000;
/** Probes give up after a few seconds. */
const ANSWERS_WITHIN_MS = 500;

/** The message when PostgreSQL answers, but not this question. */
const NOT_COUNTED =
  'Queues and workers cannot be counted: PostgreSQL refuses it, does not answer in time, ' +
  'or has no connection left for it (of a pooler: default_pool_size)';

const silent = () =>
  new ProblemException(503, 'unavailable', 'This worker writes no heartbeat although PostgreSQL answers: restart it.');

class LiveDto {
  @ApiProperty({ enum: ['ok'], example: 'ok' })
  status: string;
}

class ReadyDto {
  @ApiProperty({
    enum: ['ok', 'degraded'],
    example: 'ok',
    description:
      'degraded: Redis is away, or a loop has stood still for 10 s, here or in a worker (see /health/detail). ' +
      'Requests are still accepted',
  })
  status: string;

  @ApiProperty({ enum: ['up'], example: 'up' })
  postgres: string;

  @ApiProperty({ enum: ['up', 'down', 'unused'], example: 'up' })
  redis: string;
}

@ApiTags('health')
@Public()
@Controller('health')
export class HealthController {
  private counting: Promise<{ done: number }> | null = null;

  constructor(
    private readonly db: DataSource,
    private readonly reads: HealthReads,
    @Inject(REDIS) private readonly redis: RedisClient | null,
    private readonly ledger: LedgerReader,
    private readonly queues: QueueReports,
    private readonly loops: LoopsReader,
    private readonly safety: SafetyReader,
    private readonly worker: WorkerRegistry,
    private readonly config: Config,
  ) {}

  @Get('live')
  @ApiOperation({
    operationId: 'getLiveness',
    summary: 'Whether the process runs',
    description: 'A worker answers 503 when it has written no heartbeat for three leases although PostgreSQL answers',
  })
  @ApiOkResponse({ type: LiveDto, description: 'It runs' })
  @Problems(503)
  async live(): Promise<LiveDto> {
    if (this.config.role === 'worker' && (await this.worker.isSilent()) && (await this.answers())) throw silent();
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({
    operationId: 'getReadiness',
    summary: 'Whether requests can be accepted: PostgreSQL up, migrations done',
  })
  @ApiOkResponse({ type: ReadyDto, description: 'They can' })
  @Problems(503)
  async ready(): Promise<ReadyDto> {
    if (!(await this.migrated())) throw unavailable();
    const redis = this.redis === null ? 'unused' : await this.pingRedis(this.redis);
    const standing = loopWarnings(await this.allLoops(READY_WITHIN_MS)).length > 0;
    return { status: redis === 'down' || standing ? 'degraded' : 'ok', postgres: 'up', redis };
  }

  @Get('detail')
  @Admin()
  @ApiOperation({
    operationId: 'getHealthDetail',
    summary: 'The report for operators: versions, counts, lag, workers, and what should be changed',
    description: 'For scope admin, always. Answers 200 whatever is away.',
  })
  @ApiOkResponse({ type: DetailDto, description: 'How things are' })
  async detail(): Promise<DetailDto> {
    const { queueConnection, embedded } = this.config;
    const [ledger, queues, redis, loops, safety] = await Promise.all([
      this.ledger.report(DETAIL_WITHIN_MS),
      within(DETAIL_WITHIN_MS, this.queues.all()).catch(() => null),
      this.redis && reportOf(this.redis),
      this.allLoops(DETAIL_WITHIN_MS),
      this.safety.report(DETAIL_WITHIN_MS),
    ]);
    return {
      version,
      node: process.versions.node,
      ...ledger,
      queues: queues && queues.map((queue) => QueueDetailDto.from(queue)),
      queue_connection: queueConnection,
      redis,
      loops: loops.map((loop) => LoopDto.from(loop)),
      recoveries: safety && safety.recoveries.map((recovery) => RecoveryDto.from(recovery)),
      backup: safety?.backup ? BackupDto.from(safety.backup) : null,
      warnings: [
        ...ledgerWarnings(ledger),
        ...(redis ? redisWarnings(redis, queueConnection === 'redis') : []),
        ...(queues === null && ledger.postgres.state !== 'down' ? [NOT_COUNTED] : []),
        ...queueWarnings(queues ?? [], !embedded),
        ...loopWarnings(loops),
        ...backupWarnings(safety),
      ],
    };
  }

  /** By connections of its own: those that write heartbeats may be the reason for the silence. */
  private answers(): Promise<boolean> {
    const question = this.reads.read((db) => sqlRow(db, 'SELECT 1'));
    return within(ANSWERS_WITHIN_MS, question).then(
      () => true,
      () => false,
    );
  }

  private async migrated(): Promise<boolean> {
    const known = this.db.migrations.map(({ name, constructor }) => name ?? constructor.name);
    const count = 'SELECT count(DISTINCT name)::int AS done FROM migrations WHERE name = ANY($1)';
    // Requests at the same time share one question to PostgreSQL.
    this.counting ??= this.reads
      .read((db) => sqlRow<{ done: number }>(db, count, [known]))
      .finally(() => (this.counting = null));
    try {
      return (await within(READY_WITHIN_MS, this.counting)).done === known.length;
    } catch (error) {
      if (error instanceof LateError) throw unavailable();
      throw error;
    }
  }

  /** Where the heartbeats cannot be read, the loops of this process. */
  private allLoops(patienceMs: number) {
    return within(patienceMs, this.loops.all()).catch(() => this.loops.own());
  }

  private pingRedis(redis: RedisClient): Promise<'up' | 'down'> {
    return redis.ping().then(
      () => 'up' as const,
      (error: Error) => (isRefusal(error) ? ('up' as const) : ('down' as const)),
    );
  }
}
