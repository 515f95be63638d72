import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { HealthReads } from '../database/pools.js';
import { isServed, LEAST_PROGRAM } from '../database/program-age.js';
import { sqlRow } from '../database/sql.js';
import { Admin, Public } from '../access/auth.guard.js';
import { ProblemException, Problems, unavailable } from '../http/problem.js';
import { REDIS, type RedisClient } from '../redis/redis.js';
import { isRefusal } from '../redis/tolerant-redis.js';
import { DetailDto } from './detail.dto.js';
import { DetailReader } from './detail-reader.js';
import { loopFindings } from './loop-findings.js';
import { LoopsReader } from './loops-reader.js';
import { WorkerRegistry } from '../worker/worker-registry.js';
import { Config } from '../config/config.js';
import { LateError, within } from '../timing/within.js';

/** A database that does not answer within this time counts as away, milliseconds: the caller gives up soon after. */
const READY_WITHIN_MS = 3000;
/** Probes give up after a few seconds. */
const ANSWERS_WITHIN_MS = 500;

const silent = () =>
  new ProblemException(503, 'unavailable', 'This worker writes no heartbeat although PostgreSQL answers: restart it.');

interface Migrated {
  done: number;
  least: string | null;
}

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
  private counting: Promise<Migrated> | null = null;

  constructor(
    private readonly db: DataSource,
    private readonly reads: HealthReads,
    @Inject(REDIS) private readonly redis: RedisClient | null,
    private readonly loops: LoopsReader,
    private readonly report: DetailReader,
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
    summary: 'Whether requests can be accepted: PostgreSQL up, migrations done, none that shuts this program out',
  })
  @ApiOkResponse({ type: ReadyDto, description: 'They can' })
  @Problems(503)
  async ready(): Promise<ReadyDto> {
    if (!(await this.migrated())) throw unavailable();
    const redis = this.redis === null ? 'unused' : await this.pingRedis(this.redis);
    const standing = loopFindings(await this.loops.within(READY_WITHIN_MS)).length > 0;
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
  detail(): Promise<DetailDto> {
    return this.report.read();
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
    const count = `SELECT count(DISTINCT name)::int AS done, ${LEAST_PROGRAM} AS least
      FROM migrations WHERE name = ANY($1)`;
    // Requests at the same time share one question to PostgreSQL.
    this.counting ??= this.reads
      .read((db) => sqlRow<Migrated>(db, count, [known]))
      .finally(() => (this.counting = null));
    try {
      const { done, least } = await within(READY_WITHIN_MS, this.counting);
      return done === known.length && isServed(least);
    } catch (error) {
      if (error instanceof LateError) throw unavailable();
      throw error;
    }
  }

  private pingRedis(redis: RedisClient): Promise<'up' | 'down'> {
    return redis.ping().then(
      () => 'up' as const,
      (error: Error) => (isRefusal(error) ? ('up' as const) : ('down' as const)),
    );
  }
}
