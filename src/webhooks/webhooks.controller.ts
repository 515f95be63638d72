import { Controller, Delete, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { validate as isUuid } from 'uuid';
import { ManagesWebhooks } from '../access/auth.guard.js';
import { type Caller, RequestCaller } from '../access/caller.js';
import { type Origin, RequestOrigin } from '../access/origin.js';
import { malformed, notFound, Problems } from '../http/problem.js';
import { ownerFor } from './deliveries.controller.js';
import { EndpointsService } from './endpoints.service.js';
import { rotatedTooOften, SecretsService } from './secrets.service.js';
import { DisabledEndpointDto, DisabledEndpointListDto, EXAMPLE_ENDPOINT_ID, WebhookSecretDto } from './webhooks.dto.js';

const badId = () => malformed('The id of an endpoint is a UUID.');
const noEndpoint = () => notFound('There is no disabled endpoint with this id.');

@ApiTags('webhooks')
@ManagesWebhooks()
@Controller('webhooks')
export class WebhooksController {
  constructor(
    private readonly secrets: SecretsService,
    private readonly endpoints: EndpointsService,
  ) {}

  @Get('secret')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'getWebhookSecret',
    summary: 'The secret that signs the messages of this key',
    description:
      'Each key has its own secret, made on first use. Where no key is needed, there is one for all callers.',
  })
  @ApiOkResponse({ type: WebhookSecretDto, description: 'The secret' })
  async secret(@RequestCaller() { key_id }: Caller): Promise<WebhookSecretDto> {
    return WebhookSecretDto.from(await this.secrets.ofOwner(key_id));
  }

  @Post('secret/rotate')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'rotateWebhookSecret',
    summary: 'Sign with a new secret',
    description: 'For 24 hours messages carry the signatures of both, so that receivers have time to change.',
  })
  @ApiOkResponse({ type: WebhookSecretDto, description: 'The new secret' })
  @Problems(rotatedTooOften())
  async rotate(@RequestOrigin() origin: Origin): Promise<WebhookSecretDto> {
    return WebhookSecretDto.from(await this.secrets.rotate(origin.api_key_id, origin));
  }

  @Get('disabled')
  @ApiOperation({
    operationId: 'listDisabledEndpoints',
    summary: 'Endpoints that answered 410',
    description: 'These URLs answered 410. Nothing more is sent to them for this key until they are enabled.',
  })
  @ApiOkResponse({ type: DisabledEndpointListDto, description: 'Those of this key; an operator sees all' })
  async disabled(@RequestCaller() caller: Caller): Promise<DisabledEndpointListDto> {
    const rows = await this.endpoints.disabled(ownerFor(caller));
    return { results: rows.map((row) => DisabledEndpointDto.from(row)) };
  }

  @Delete('disabled/:id')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'enableEndpoint',
    summary: 'Send to an endpoint again',
    description: 'Later messages are sent again. A message that ended DISABLED is sent by its replay.',
  })
  @ApiParam({ name: 'id', format: 'uuid', description: 'id of the list', example: EXAMPLE_ENDPOINT_ID })
  @ApiNoContentResponse({ description: 'It is enabled' })
  @Problems(badId(), noEndpoint())
  async enable(
    @Param('id') id: string,
    @RequestCaller() caller: Caller,
    @RequestOrigin() origin: Origin,
  ): Promise<void> {
    if (!isUuid(id)) throw badId();
    if (!(await this.endpoints.enable(id, ownerFor(caller), origin))) throw noEndpoint();
  }
}
