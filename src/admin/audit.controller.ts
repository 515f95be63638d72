import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Admin } from '../access/auth.guard.js';
import { AuditLog } from '../audit/audit-reader.js';
import { Problems, unprocessable } from '../http/problem.js';
import { idOf } from '../jobs/job-list.dto.js';
import { AuditEntryDto, AuditLogDto, AuditLogQuery, AuditQuery, DeedDto, DeedListDto } from './audit.dto.js';
import { idPage } from './edits.dto.js';

const badLimit = unprocessable([{ pointer: '/limit', detail: 'must be an integer 1..100' }]);

/** Who did what. */
@ApiTags('admin')
@Admin()
@Controller('admin')
export class AuditController {
  constructor(private readonly log: AuditLog) {}

  @Get('audit')
  @ApiOperation({
    operationId: 'listAudit',
    summary: 'What operators and editors did, newest first',
    description: 'Each row is written in the transaction that does it, and kept for ever.',
  })
  @ApiOkResponse({ type: DeedListDto, description: 'A part of the list' })
  @Problems(badLimit)
  async all(@Query() { limit, cursor, ...filter }: AuditQuery): Promise<DeedListDto> {
    return idPage(await this.log.page(filter, limit + 1, idOf(cursor)), limit, (row) => DeedDto.from(row));
  }

  @Get('audit-log')
  @ApiOperation({
    operationId: 'listAuditLog',
    summary: 'What people changed of films and people, newest first',
    description: 'A part of GET /admin/audit, for clients that know it.',
  })
  @ApiOkResponse({ type: AuditLogDto, description: 'A part of the list' })
  @Problems(badLimit)
  async edits(@Query() { limit, cursor, ...filter }: AuditLogQuery): Promise<AuditLogDto> {
    const rows = await this.log.page({ ...filter, edits: true }, limit + 1, idOf(cursor));
    return idPage(rows, limit, (row) => AuditEntryDto.from(row));
  }
}
