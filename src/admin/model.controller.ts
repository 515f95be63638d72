import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Admin } from '../access/auth.guard.js';
import { ModelTrial } from '../worker/model-trial.js';

class ModelTrialDto {
  @ApiProperty({ type: [String], example: [] })
  warnings: string[];
}

@ApiTags('admin')
@Admin()
@Controller('admin/model')
export class ModelController {
  constructor(private readonly trial: ModelTrial) {}

  @Post('test')
  @HttpCode(200)
  @ApiOperation({ operationId: 'testModel', summary: 'One tiny, real call of each model' })
  @ApiOkResponse({ type: ModelTrialDto, description: 'What is wrong' })
  async test(): Promise<ModelTrialDto> {
    return { warnings: await this.trial.run() };
  }
}
