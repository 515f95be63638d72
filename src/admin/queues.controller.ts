import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Admin } from '../access/auth.guard.js';
import { type Origin, RequestOrigin } from '../access/origin.js';
import { notFound, Problems, unprocessable } from '../http/problem.js';
import { type AnyQueueName, ALL_QUEUES } from '../domain/queues.js';
import { Pauses } from '../ledger/pauses.js';
import { QueueReports } from '../health/queue-report.js';
import { QueueDto, QueueListDto, ResumeQueueQuery } from './queues.dto.js';
import { QueueWaits } from './queue-waits.js';

const noQueue = () => notFound(`There is no queue of this name; there are ${ALL_QUEUES.join(', ')}.`);
const badFlag = unprocessable([{ pointer: '/now', detail: 'must be true or false' }]);

const NameParam = () =>
  ApiParam({
    name: 'name',
    schema: { type: 'string', enum: [...ALL_QUEUES], example: ALL_QUEUES[0] },
    description: 'Name of the queue',
  });

/** @throws ProblemException 404 */
function known(name: string): AnyQueueName {
  const queue = ALL_QUEUES.find((one) => one === name);
  if (!queue) throw noQueue();
  return queue;
}

@ApiTags('admin')
@Admin()
@Controller('admin/queues')
export class QueuesController {
  constructor(
    private readonly reports: QueueReports,
    private readonly pauses: Pauses,
    private readonly waits: QueueWaits,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listQueues', summary: 'Every queue: its jobs by state, its speed, its workers' })
  @ApiOkResponse({ type: QueueListDto, description: 'How they stand' })
  async list(): Promise<QueueListDto> {
    const reports = await this.reports.all();
    const queues = reports.map(async (report) => QueueDto.from(report, await this.reports.counts(report.name)));
    return { queues: await Promise.all(queues) };
  }

  @Post(':name/pause')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'pauseQueue',
    summary: 'Begin no more jobs of a queue',
    description:
      'Running jobs end, requests are accepted, deadlines expire. It lasts until it is resumed, also over restarts.',
  })
  @NameParam()
  @ApiOkResponse({ type: QueueDto, description: 'It is paused, now or already' })
  @Problems(noQueue())
  async pause(@Param('name') name: string, @RequestOrigin() origin: Origin): Promise<QueueDto> {
    await this.pauses.pause(known(name), origin);
    return this.one(name);
  }

  @Post(':name/resume')
  @HttpCode(200)
  @ApiOperation({ operationId: 'resumeQueue', summary: 'Go on with the jobs of a paused queue' })
  @NameParam()
  @ApiOkResponse({ type: QueueDto, description: 'It is not paused, or was not' })
  @Problems(noQueue(), badFlag)
  async resume(
    @Param('name') name: string,
    @Query() { now }: ResumeQueueQuery,
    @RequestOrigin() origin: Origin,
  ): Promise<QueueDto> {
    await this.pauses.resume(known(name), origin, now);
    if (now) await this.waits.end(known(name));
    return this.one(name);
  }

  private async one(name: string): Promise<QueueDto> {
    const { queues } = await this.list();
    return queues.find((queue) => queue.name === name)!;
  }
}
