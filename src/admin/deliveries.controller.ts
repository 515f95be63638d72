import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { validate as isUuid } from 'uuid';
import { Admin } from '../access/auth.guard.js';
import { type Origin, RequestOrigin } from '../access/origin.js';
import { malformed, notFound, Problems, unprocessable } from '../http/problem.js';
import { idOf } from '../jobs/job-list.dto.js';
import { AllDeliveries } from '../webhooks/all-deliveries.js';
import { endpointGone } from '../webhooks/deliveries.controller.js';
import { DeliveriesService } from '../webhooks/deliveries.service.js';
import { EXAMPLE_DELIVERY_ID } from '../webhooks/webhooks.dto.js';
import { AnyDeliveryDto, AnyDeliveryListDto, ListAllDeliveriesQuery } from './deliveries.dto.js';
import { idPage } from './edits.dto.js';

const badId = () => malformed('The id of a delivery is a UUID.');
const noDelivery = () =>
  notFound('There is no delivery with this id. Those of forgotten jobs and batches go with them.');
const badLimit = unprocessable([{ pointer: '/limit', detail: 'must be an integer 1..100' }]);

/** The messages to webhooks, whatever they are about and whoever asked for them. */
@ApiTags('admin')
@Admin()
@Controller('admin/deliveries')
export class AllDeliveriesController {
  constructor(
    private readonly all: AllDeliveries,
    private readonly deliveries: DeliveriesService,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listAllDeliveries',
    summary: 'Messages to webhooks, of all jobs and batches, newest first',
  })
  @ApiOkResponse({ type: AnyDeliveryListDto, description: 'A part of the list' })
  @Problems(badLimit)
  async list(@Query() { limit, cursor, ...filter }: ListAllDeliveriesQuery): Promise<AnyDeliveryListDto> {
    const rows = await this.all.page({ ...filter, limit: limit + 1, after: idOf(cursor) });
    return idPage(rows, limit, (row) => AnyDeliveryDto.from(row));
  }

  @Post(':id/replay')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'replayAnyDelivery',
    summary: 'Send a message of a job or a batch again',
    description:
      'Sends the message under the same webhook-id, with all attempts. ' +
      'One that waits for its next attempt is sent now.',
  })
  @ApiParam({
    name: 'id',
    format: 'uuid',
    description: 'delivery_id of the list, or webhook-id of the message',
    example: EXAMPLE_DELIVERY_ID,
  })
  @ApiAcceptedResponse({ type: AnyDeliveryDto, description: 'The message, to be sent' })
  @Problems(badId(), noDelivery(), endpointGone())
  async replay(@Param('id') id: string, @RequestOrigin() origin: Origin): Promise<AnyDeliveryDto> {
    if (!isUuid(id)) throw badId();
    const known = await this.deliveries.find(id);
    if (!known) throw noDelivery();
    if (known.gone) throw endpointGone();
    const row = await this.deliveries.replay(known, origin);
    if (!row) throw noDelivery();
    return AnyDeliveryDto.from(row);
  }
}
