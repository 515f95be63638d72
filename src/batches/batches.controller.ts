import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { validate as isUuid } from 'uuid';
import { ReadsJobs } from '../access/auth.guard.js';
import { type Caller, maySee, RequestCaller } from '../access/caller.js';
import { header, malformed, notFound, Problems } from '../http/problem.js';
import { BatchDto, EXAMPLE_BATCH_ID } from './batches.dto.js';
import { BatchesService } from './batches.service.js';

const badId = () => malformed('A batch id is a UUID.');
const noBatch = () => notFound('There is no batch with this id. It is forgotten when all of its jobs are.');

@ApiTags('jobs')
@Controller('batches')
export class BatchesController {
  constructor(private readonly batches: BatchesService) {}

  @ReadsJobs()
  @Get(':id')
  @ApiOperation({ operationId: 'getBatch', summary: 'How far the jobs of a batch are' })
  @ApiParam({ name: 'id', format: 'uuid', description: 'batch_id of the answer 202', example: EXAMPLE_BATCH_ID })
  @ApiOkResponse({
    type: BatchDto,
    description: 'The batch',
    headers: { 'Retry-After': header('Seconds until the next look is worth it', 'integer') },
  })
  @Problems(badId(), noBatch())
  async get(
    @Param('id') id: string,
    @RequestCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BatchDto> {
    if (!isUuid(id)) throw badId();
    const row = await this.batches.find(id);
    if (!row || !maySee(caller, row.api_key_id)) throw noBatch();
    const batch = BatchDto.from(row, caller);
    if (!batch.done) void reply.header('retry-after', '1');
    void reply.header('cache-control', 'no-store');
    return batch;
  }
}
