import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Admin } from '../access/auth.guard.js';
import { type Origin, RequestOrigin } from '../access/origin.js';
import { IntegerField } from '../http/fields.js';
import { Problems, unprocessable } from '../http/problem.js';
import { Fleet } from '../worker/fleet.js';
import { EXAMPLE_WORKER_ID } from './workers.dto.js';

/** As WORKER_CONCURRENCY takes it. */
const MOST = 1000;
const OF_EACH = 'Jobs that each worker runs at once, of each queue; null: as its own WORKER_CONCURRENCY says';

const badCount = unprocessable([{ pointer: '/concurrency', detail: `must be an integer 1..${MOST}` }]);

class SetConcurrencyDto {
  @IntegerField({ min: 1, max: MOST, nullable: true, example: 20, description: OF_EACH })
  concurrency: number | null;
}

class WorkersConcurrencyDto {
  @ApiProperty({ format: 'uuid', example: EXAMPLE_WORKER_ID })
  id: string;

  @ApiProperty({ example: 'worker-1:4711' })
  name: string;

  @ApiProperty({ type: 'integer', example: 20, description: 'What it runs at once now' })
  concurrency: number;
}

export class ConcurrencyDto {
  @ApiProperty({ type: 'integer', nullable: true, example: 20, description: OF_EACH })
  concurrency: number | null;

  @ApiProperty({ type: [WorkersConcurrencyDto], description: 'Workers that are alive' })
  workers: WorkersConcurrencyDto[];
}

@ApiTags('admin')
@Admin()
@Controller('admin/concurrency')
export class ConcurrencyController {
  constructor(private readonly fleet: Fleet) {}

  @Get()
  @ApiOperation({ operationId: 'getConcurrency', summary: 'How many jobs each worker runs at once' })
  @ApiOkResponse({ type: ConcurrencyDto, description: 'What is wished, and what is' })
  async get(): Promise<ConcurrencyDto> {
    const [concurrency, workers] = await Promise.all([this.fleet.concurrency(), this.fleet.list()]);
    const alive = workers.filter((worker) => worker.alive);
    return { concurrency, workers: alive.map(({ id, name, concurrency: now }) => ({ id, name, concurrency: now })) };
  }

  @Put()
  @ApiOperation({
    operationId: 'setConcurrency',
    summary: 'Set how many jobs each worker runs at once, while it runs',
    description:
      'For all workers, those that start later too, until it is set to null. Each hears of it by its next heartbeat. ' +
      'Jobs that run are not cut off. Messages to webhooks are not concerned.',
  })
  @ApiBody({
    type: SetConcurrencyDto,
    examples: {
      number: { summary: 'So many', value: { concurrency: 20 } },
      none: { summary: 'What each worker’s settings say', value: { concurrency: null } },
    },
  })
  @ApiOkResponse({ type: ConcurrencyDto, description: 'It is set' })
  @Problems(400, 413, 415, badCount)
  async set(@Body() { concurrency }: SetConcurrencyDto, @RequestOrigin() origin: Origin): Promise<ConcurrencyDto> {
    await this.fleet.setConcurrency(concurrency, origin);
    return this.get();
  }
}
