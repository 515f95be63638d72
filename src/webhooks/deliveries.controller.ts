import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { validate as isUuid } from 'uuid';
import { ReadsJobs, ReplaysWebhooks } from '../access/auth.guard.js';
import { type Caller, isAdmin, isForeign, RequestCaller } from '../access/caller.js';
import { type Origin, RequestOrigin } from '../access/origin.js';
import { conflict, forbidden, malformed, notFound, Problems } from '../http/problem.js';
import { EXAMPLE_JOB_ID } from '../jobs/examples.js';
import { noJob, Visibility } from '../jobs/visibility.js';
import { DeliveriesService } from './deliveries.service.js';
import { DeliveryDto, DeliveryListDto, EXAMPLE_DELIVERY_ID } from './webhooks.dto.js';

const badId = () => malformed('The ids of a job and of a delivery are UUIDs.');
const noDelivery = () => notFound('There is no delivery with this id. Finished jobs are forgotten after a while.');
const notYours = () => forbidden('Another key asked for this message: only that one can have it sent again.');
export const endpointGone = () =>
  conflict('The endpoint answered 410 and is disabled. Enable it first: DELETE /webhooks/disabled/{id}.');
const JobIdParam = () =>
  ApiParam({ name: 'id', format: 'uuid', description: 'job_id of the answer 202', example: EXAMPLE_JOB_ID });

/** The owner whose webhooks a caller may see and change: its own key; for an operator all. */
export const ownerFor = (caller: Caller) => (isAdmin(caller) ? undefined : caller.key_id);
/**
 * Whose messages a caller sees; `undefined`: everybody's. With scope read those of its project, without their
 * addresses; a key that is in none sees all.
 */
function seenOwners(caller: Caller): readonly (string | null)[] | undefined {
  const { key_id, scopes, fellows } = caller;
  if (isAdmin(caller)) return undefined;
  return key_id !== null && scopes.includes('read') ? fellows : [key_id];
}

@ApiTags('webhooks')
@Controller('jobs/:id/deliveries')
export class DeliveriesController {
  constructor(
    private readonly visibility: Visibility,
    private readonly deliveries: DeliveriesService,
  ) {}

  @Get()
  @ReadsJobs()
  @ApiOperation({
    operationId: 'listDeliveries',
    summary: 'The messages of a job to webhooks, with their outcome',
    description:
      'The messages to webhooks that this key asked for. A key of scope read also sees those of its project, ' +
      'without their URL.',
  })
  @JobIdParam()
  @ApiOkResponse({ type: DeliveryListDto, description: 'The messages, newest first' })
  @Problems(badId(), noJob())
  async list(@Param('id') id: string, @RequestCaller() caller: Caller): Promise<DeliveryListDto> {
    if (!isUuid(id)) throw badId();
    await this.visibility.row(id, caller);
    const owner = ownerFor(caller);
    const rows = await this.deliveries.list(id, seenOwners(caller));
    return { results: rows.map((row) => DeliveryDto.from(row, owner === undefined || row.api_key_id === owner)) };
  }

  @Post(':delivery_id/replay')
  @ReplaysWebhooks()
  @HttpCode(202)
  @ApiOperation({
    operationId: 'replayDelivery',
    summary: 'Send a message again',
    description:
      'Sends the message under the same webhook-id, with all attempts. ' +
      'One that waits for its next attempt is sent now.',
  })
  @JobIdParam()
  @ApiParam({
    name: 'delivery_id',
    format: 'uuid',
    description: 'delivery_id of the list, or webhook-id of the message',
    example: EXAMPLE_DELIVERY_ID,
  })
  @ApiAcceptedResponse({ type: DeliveryDto, description: 'The message, to be sent' })
  @Problems(badId(), noDelivery(), noJob(), endpointGone())
  async replay(
    @Param('id') id: string,
    @Param('delivery_id') deliveryId: string,
    @RequestCaller() caller: Caller,
    @RequestOrigin() origin: Origin,
  ): Promise<DeliveryDto> {
    if (!isUuid(id) || !isUuid(deliveryId)) throw badId();
    await this.visibility.row(id, caller);
    const known = await this.deliveries.find(deliveryId, id);
    const seen = seenOwners(caller);
    if (!known || (seen && !seen.includes(known.api_key_id))) throw noDelivery();
    const owner = ownerFor(caller);
    if (owner !== undefined && known.api_key_id !== owner) throw notYours();
    if (known.gone) throw endpointGone();
    const row = await this.deliveries.replay(known, isForeign(caller, known.api_key_id) ? origin : null);
    if (!row) throw noDelivery();
    return DeliveryDto.from(row);
  }
}
