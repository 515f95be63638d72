import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Admin } from '../access/auth.guard.js';
import { type Origin, RequestOrigin } from '../access/origin.js';
import { finding } from '../health/finding.js';
import { FindingDto } from '../health/findings.dto.js';
import { ModelReports } from '../ledger/model-report.js';
import { ModelTrial } from '../worker/model-trial.js';
import { ModelsDto } from './model.dto.js';

/** What to do about a call that failed. */
const LOOK = 'look at OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_MODEL of the workers, and at the service';

class ModelTrialDto {
  @ApiProperty({ type: [String], example: [] })
  warnings: string[];

  @ApiProperty({ type: [FindingDto], description: 'The same, each with what to do' })
  findings: FindingDto[];
}

@ApiTags('admin')
@Admin()
@Controller('admin/model')
export class ModelController {
  constructor(
    private readonly trial: ModelTrial,
    private readonly reports: ModelReports,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'getModels',
    summary: 'How the models are doing, and what they took',
    description: 'Tokens count when they are written down: at the end of a try, or before its next call.',
  })
  @ApiOkResponse({ type: ModelsDto, description: 'The models and the tokens' })
  async report(): Promise<ModelsDto> {
    return ModelsDto.from(await this.reports.report());
  }

  @Post('test')
  @HttpCode(200)
  @ApiOperation({ operationId: 'testModel', summary: 'One tiny, real call of each model' })
  @ApiOkResponse({ type: ModelTrialDto, description: 'What is wrong' })
  async test(@RequestOrigin() origin: Origin): Promise<ModelTrialDto> {
    const warnings = await this.trial.run(origin);
    return { warnings, findings: warnings.map((line) => finding('model_call_failed', line, LOOK)) };
  }
}
