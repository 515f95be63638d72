import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Admin } from '../access/auth.guard.js';
import { Metrics, METRICS_TYPE } from './metrics.js';

const EXAMPLE = `# HELP moviemind_jobs Jobs in the ledger that are not done
# TYPE moviemind_jobs gauge
moviemind_jobs{queue="movies",state="due"} 0
`;

@ApiTags('health')
@Admin()
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  @Header('cache-control', 'no-store')
  @Header('content-type', METRICS_TYPE)
  @ApiOperation({
    operationId: 'getMetrics',
    summary: 'Measurements for Prometheus',
    description:
      'For scope admin; Prometheus sends the key as its bearer token. ' +
      'Answers 200 whatever is away, and leaves out what it cannot read',
  })
  @ApiOkResponse({
    description: 'In the text format of Prometheus',
    content: { 'text/plain': { schema: { type: 'string' }, example: EXAMPLE } },
  })
  get(): Promise<string> {
    return this.metrics.text();
  }
}
