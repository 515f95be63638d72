import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { sqlRow } from '../database/sql.js';
import { Public } from '../http/auth.guard.js';
import { Problems, unavailable } from '../http/problem.js';
import { REDIS, type RedisClient } from '../queue/redis.js';

class LiveDto {
  @ApiProperty({ enum: ['ok'], example: 'ok' })
  status: string;
}

class ReadyDto {
  @ApiProperty({
    enum: ['ok', 'degraded'],
    example: 'ok',
    description: 'degraded: Redis is away; requests are still accepted',
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
  constructor(
    private readonly db: DataSource,
    @Inject(REDIS) private readonly redis: RedisClient | null,
  ) {}

  @Get('live')
  @ApiOperation({ operationId: 'getLiveness', summary: 'Whether the process runs' })
  @ApiOkResponse({ type: LiveDto, description: 'It runs' })
  live(): LiveDto {
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
    const { done } = await sqlRow<{ done: number }>(this.db, 'SELECT count(*)::int AS done FROM migrations');
    if (done < this.db.migrations.length) throw unavailable();
    const redis = this.redis === null ? 'unused' : await this.pingRedis(this.redis);
    return { status: redis === 'down' ? 'degraded' : 'ok', postgres: 'up', redis };
  }

  private pingRedis(redis: RedisClient): Promise<'up' | 'down'> {
    return redis.ping().then(
      () => 'up' as const,
      () => 'down' as const,
    );
  }
}
