import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Admin } from '../access/auth.guard.js';
import { Problems, unprocessable } from '../http/problem.js';
import { USES_BY } from '../domain/vocabulary.js';
import { UseSums } from '../ledger/use-sums.js';
import { daysOf, UsageQuery, UsageReportDto } from './usage.dto.js';

const badGroup = unprocessable([{ pointer: '/by', detail: `must be one of ${USES_BY.join(', ')}` }]);

@ApiTags('admin')
@Admin()
@Controller('admin/usage')
export class UsageController {
  constructor(private readonly sums: UseSums) {}

  @Get()
  @ApiOperation({ operationId: 'getUsage', summary: 'Calls, tokens and cost, also of jobs that failed' })
  @ApiOkResponse({ type: UsageReportDto, description: 'The sums' })
  @Problems(badGroup)
  async report(@Query() query: UsageQuery): Promise<UsageReportDto> {
    const days = daysOf(query);
    return UsageReportDto.from(await this.sums.by(query.by, days.from, days.to), query.by, days);
  }
}
