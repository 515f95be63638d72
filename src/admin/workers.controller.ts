import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { validate as isUuid } from 'uuid';
import { Admin } from '../access/auth.guard.js';
import { type Origin, RequestOrigin } from '../access/origin.js';
import { malformed, notFound, Problems } from '../http/problem.js';
import { Fleet, type FleetWorker } from '../worker/fleet.js';
import { EXAMPLE_WORKER_ID, FleetWorkerDto, FleetDto } from './workers.dto.js';

const badId = () => malformed('The id of a worker is a UUID.');
const noWorker = () => notFound('There is no worker with this id, or not any more: each start has another one.');

const IdParam = () =>
  ApiParam({ name: 'id', format: 'uuid', description: 'id of the list', example: EXAMPLE_WORKER_ID });

/** @throws ProblemException 404 */
function shown(worker: FleetWorker | null): FleetWorkerDto {
  if (!worker) throw noWorker();
  return FleetWorkerDto.from(worker);
}

@ApiTags('admin')
@Admin()
@Controller('admin/workers')
export class WorkersController {
  constructor(private readonly fleet: Fleet) {}

  @Get()
  @ApiOperation({
    operationId: 'listWorkers',
    summary: 'The processes that run jobs, the oldest first',
    description: 'One that died without a stop stays for an hour, as SILENT. One that stops in order leaves at once.',
  })
  @ApiOkResponse({ type: FleetDto, description: 'All of them' })
  async list(): Promise<FleetDto> {
    return { workers: (await this.fleet.list()).map((worker) => FleetWorkerDto.from(worker)) };
  }

  @Post(':id/drain')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'drainWorker',
    summary: 'Have one worker take no new jobs',
    description:
      'It ends the jobs that it has and sends no new messages. It stays idle until it is resumed or started anew. ' +
      'It hears of it by its next heartbeat: after a third of JOB_LEASE_MS at most. At DRAINED it may be stopped.',
  })
  @IdParam()
  @ApiAcceptedResponse({ type: FleetWorkerDto, description: 'It is asked, now or already' })
  @Problems(badId(), noWorker())
  async drain(@Param('id') id: string, @RequestOrigin() origin: Origin): Promise<FleetWorkerDto> {
    if (!isUuid(id)) throw badId();
    return shown(await this.fleet.drain(id, origin));
  }

  @Post(':id/resume')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'resumeWorker',
    summary: 'Have a worker that was drained take jobs again',
    description: 'It hears of it by its next heartbeat.',
  })
  @IdParam()
  @ApiAcceptedResponse({ type: FleetWorkerDto, description: 'It is asked, or was not drained' })
  @Problems(badId(), noWorker())
  async resume(@Param('id') id: string, @RequestOrigin() origin: Origin): Promise<FleetWorkerDto> {
    if (!isUuid(id)) throw badId();
    return shown(await this.fleet.resume(id, origin));
  }
}
