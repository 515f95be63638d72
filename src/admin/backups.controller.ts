import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Admin } from '../access/auth.guard.js';
import { type Origin, RequestOrigin } from '../access/origin.js';
import { BackupDto, BackupListDto, notedBackup, NoteBackupDto } from '../health/backups.dto.js';
import { Backups } from '../health/backups.js';
import { IntegerField } from '../http/fields.js';
import { Problems, unprocessable } from '../http/problem.js';

class ListBackupsQuery {
  @IntegerField({
    required: false,
    query: true,
    min: 1,
    max: 100,
    default: 20,
    example: 20,
    description: 'Results of the answer',
  })
  limit = 20;
}

const badTime = unprocessable([
  { pointer: '/finished_at', detail: 'must be a time like 2026-11-23T10:00:00Z or an age like 30m, 12h, 7d' },
]);
const badLimit = unprocessable([{ pointer: '/limit', detail: 'must be an integer 1..100' }]);

/** Backups are noted, so that a missing one is seen: by `moviemind backup`, and by whoever uses tools of their own. */
@ApiTags('admin')
@Admin()
@Controller('admin/backups')
export class BackupsController {
  constructor(private readonly backups: Backups) {}

  @Post()
  @ApiOperation({
    operationId: 'noteBackup',
    summary: 'Note that a backup was made',
    description: 'GET /health/detail tells the last one, and warns when it is older than 48 h.',
  })
  @ApiBody({
    type: NoteBackupDto,
    examples: {
      now: { summary: 'It has just been made', value: { tool: 'pg_dump' } },
      earlier: { summary: 'It was made before', value: { finished_at: '30m', bytes: 73_400_320 } },
    },
  })
  @ApiCreatedResponse({ type: BackupDto, description: 'It is noted' })
  @Problems(badTime)
  async note(@Body() dto: NoteBackupDto, @RequestOrigin() origin: Origin): Promise<BackupDto> {
    return BackupDto.from(await this.backups.note(notedBackup(dto), origin));
  }

  @Get()
  @ApiOperation({ operationId: 'listBackups', summary: 'Backups that were noted, newest first' })
  @ApiOkResponse({ type: BackupListDto, description: 'The last ones; 500 are remembered' })
  @Problems(badLimit)
  async list(@Query() { limit }: ListBackupsQuery): Promise<BackupListDto> {
    return { results: (await this.backups.list(limit)).map((row) => BackupDto.from(row)) };
  }
}
