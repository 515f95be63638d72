import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Admin } from '../access/auth.guard.js';
import { Problems, unprocessable } from '../http/problem.js';
import { idOf } from '../jobs/job-list.dto.js';
import { DeliveriesService } from '../webhooks/deliveries.service.js';
import { AllDeliveriesDto, AllDeliveriesQuery, JobDeliveryDto } from './deliveries.dto.js';
import { idPage } from './edits.dto.js';

const badLimit = unprocessable([{ pointer: '/limit', detail: 'must be an integer 1..100' }]);

@ApiTags('admin')
@Admin()
@Controller('admin/deliveries')
export class AllDeliveriesController {
  constructor(private readonly deliveries: DeliveriesService) {}

  @Get()
  @ApiOperation({ operationId: 'listAllDeliveries', summary: 'Messages to webhooks of all jobs, newest first' })
  @ApiOkResponse({ type: AllDeliveriesDto, description: 'A part of the list' })
  @Problems(badLimit)
  async list(@Query() { limit, cursor, status }: AllDeliveriesQuery): Promise<AllDeliveriesDto> {
    const rows = await this.deliveries.page(status ?? null, limit + 1, idOf(cursor));
    return idPage(rows, limit, (row) => JobDeliveryDto.from(row));
  }
}
