import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { Config, MOCK_MODEL } from '../config/config.js';
import { isDatabaseUnavailable, sql } from '../database/sql.js';
import { Knows } from './auth.guard.js';
import { type Caller, RequestCaller } from './caller.js';
import { type Scope, SCOPES } from './scopes.js';

const MODEL_SERVICES = ['openai', 'mock'] as const;

interface KeyRow {
  id: string;
  name: string;
  project: string | null;
  expires_at: Date | null;
}

class OwnKeyDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ example: 'my-page' })
  name: string;

  @ApiProperty({ type: String, nullable: true, example: null, description: 'null: it is in none' })
  project: string | null;
}

class ModelServiceDto {
  @ApiProperty({
    enum: MODEL_SERVICES,
    example: 'mock',
    description: 'mock: texts are samples, and say nothing true',
  })
  service: (typeof MODEL_SERVICES)[number];

  @ApiProperty({ example: 'mock', description: 'The model that is preferred' })
  name: string;
}

class WhoAmIDto {
  @ApiProperty({ example: true, description: 'Whether requests for texts, jobs and batches need a key' })
  auth_required: boolean;

  @ApiProperty({ example: true, description: 'Whether films and people are read without a key' })
  public_reads: boolean;

  @ApiProperty({
    enum: SCOPES,
    isArray: true,
    example: ['generate', 'read'],
    description: 'What this caller may do here; admin includes everything',
  })
  scopes: readonly Scope[];

  @ApiProperty({ type: OwnKeyDto, nullable: true, description: 'null: no key, or the bearer of ADMIN_TOKEN' })
  key: OwnKeyDto | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null, description: 'When the key ends' })
  expires_at: string | null;

  @ApiProperty({ type: ModelServiceDto, nullable: true, description: 'null: no worker is there that would tell' })
  model: ModelServiceDto | null;
}

/** Tells a program what its key is good for, before it asks for anything. */
@ApiTags('access')
@Controller('whoami')
export class WhoAmIController {
  constructor(
    private readonly config: Config,
    private readonly db: DataSource,
  ) {}

  @Get()
  @Knows()
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'whoAmI',
    summary: 'What this key, or nobody, may do here',
    description: 'Open to everybody. A wrong key, or one that has ended, is refused with 401.',
  })
  @ApiOkResponse({ type: WhoAmIDto, description: 'The rights of this request, and who writes the texts' })
  async whoAmI(@RequestCaller() caller: Caller): Promise<WhoAmIDto> {
    const { authRequired, publicReads } = this.config;
    const [key, models] = await Promise.all([this.keyOf(caller), this.models()]);
    const name = models[0];
    return {
      auth_required: authRequired,
      public_reads: publicReads,
      scopes: caller.scopes,
      key: key ? { id: key.id, name: key.name, project: key.project } : null,
      expires_at: key?.expires_at?.toISOString() ?? null,
      model: name === undefined ? null : { service: name === MOCK_MODEL ? 'mock' : 'openai', name },
    };
  }

  /** Of whoever writes: an API alone is not told what its workers ask. */
  private async models(): Promise<string[]> {
    if (this.config.runsJobs) return this.config.models;
    const rows = sql<{ models: string[] }>(
      this.db,
      `SELECT models FROM workers WHERE expires_at > now() AND models <> '{}' ORDER BY seen_at DESC, id LIMIT 1`,
    );
    const [worker] = await rows.catch((error: unknown) => {
      if (isDatabaseUnavailable(error)) return [];
      throw error;
    });
    return worker?.models ?? [];
  }

  private async keyOf({ key_id }: Caller): Promise<KeyRow | undefined> {
    if (key_id === null) return undefined;
    const [key] = await sql<KeyRow>(
      this.db,
      `SELECT key.id, key.name, project.name AS project, expires_at
       FROM api_keys AS key LEFT JOIN projects AS project ON project.id = project_id WHERE key.id = $1`,
      [key_id],
    );
    return key;
  }
}
