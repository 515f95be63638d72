import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Admin } from '../access/auth.guard.js';
import { ModelReports } from '../ledger/model-report.js';
import { ModelTrial } from '../worker/model-trial.js';
import { ModelsDto } from './model.dto.js';

class ModelTrialDto {
  @ApiProperty({ type: [String], example: [] })
  warnings: string[];
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
  async test(): Promise<ModelTrialDto> {
    return { warnings: await this.trial.run() };
  }
}
