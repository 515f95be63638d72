import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Admin } from '../access/auth.guard.js';
import { Problems, unprocessable } from '../http/problem.js';
import { Activity, MOST_HOURS } from '../metrics/activity.js';
import { ActivityDto, ActivityQuery } from './activity.dto.js';

const badHours = unprocessable([{ pointer: '/hours', detail: `must be an integer 1..${MOST_HOURS}` }]);

@ApiTags('admin')
@Admin()
@Controller('admin/activity')
export class ActivityController {
  constructor(private readonly activity: Activity) {}

  @Get()
  @ApiOperation({
    operationId: 'getActivity',
    summary: 'What happened over the last hours, step by step',
    description: 'As all processes counted it, some seconds late. A process that is killed loses five seconds of it.',
  })
  @ApiOkResponse({ type: ActivityDto, description: 'Jobs and tokens in each step' })
  @Problems(badHours)
  async report(@Query() query: ActivityQuery): Promise<ActivityDto> {
    const { hours, stepSeconds, entity = null } = query;
    return ActivityDto.from(await this.activity.of(hours, stepSeconds, entity), stepSeconds);
  }
}
