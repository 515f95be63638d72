import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Admin } from '../access/auth.guard.js';
import { ModelTrial, type TrialCall } from '../worker/model-trial.js';

class TrialCallDto implements TrialCall {
  @ApiProperty({ example: 'gpt-4.1-mini' })
  model: string;

  @ApiProperty({ type: String, nullable: true, example: null, description: 'What is wrong; null: it answers' })
  message: string | null;

  @ApiProperty({ type: String, nullable: true, example: null, description: 'The words of its service' })
  reason: string | null;

  @ApiProperty({ type: 'integer', example: 640 })
  duration_ms: number;
}

class ModelTrialDto {
  @ApiProperty({ type: [TrialCallDto], nullable: true, description: 'Empty: nothing to call; null: no worker did it' })
  calls: TrialCallDto[] | null;
}

@ApiTags('admin')
@Admin()
@Controller('admin/model')
export class ModelController {
  constructor(private readonly trial: ModelTrial) {}

  @Post('test')
  @HttpCode(200)
  @ApiOperation({ operationId: 'testModel', summary: 'Have a worker make one tiny, real call of each model' })
  @ApiOkResponse({ type: ModelTrialDto, description: 'What became of it' })
  async test(): Promise<ModelTrialDto> {
    return { calls: await this.trial.run() };
  }
}
