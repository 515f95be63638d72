import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { validate as isUuid } from 'uuid';
import { Admin } from '../access/auth.guard.js';
import { type Origin, RequestOrigin } from '../access/origin.js';
import { Blocks } from '../edits/blocks.service.js';
import { malformed, notFound, Problems, unprocessable } from '../http/problem.js';
import { idOf } from '../jobs/job-list.dto.js';
import { BlockDto, BlockListDto, EXAMPLE_ID, IdPageQuery, idPage } from './edits.dto.js';

const badId = () => malformed('The id of a block is a UUID.');
const noBlock = () => notFound('There is no block with this id.');
const badLimit = unprocessable([{ pointer: '/limit', detail: 'must be an integer 1..100' }]);

/** What is never made again. */
@ApiTags('admin')
@Admin()
@Controller('admin')
export class EditsController {
  constructor(private readonly blocked: Blocks) {}

  @Get('blocks')
  @ApiOperation({ operationId: 'listBlocks', summary: 'Films and people that are never made again, newest first' })
  @ApiOkResponse({ type: BlockListDto, description: 'A part of the list' })
  @Problems(badLimit)
  async blocks(@Query() { limit, cursor }: IdPageQuery): Promise<BlockListDto> {
    return idPage(await this.blocked.page(limit + 1, idOf(cursor)), limit, (row) => BlockDto.from(row));
  }

  @Delete('blocks/:id')
  @HttpCode(204)
  @ApiOperation({ operationId: 'liftBlock', summary: 'Lift a block: it may be made again' })
  @ApiParam({ name: 'id', format: 'uuid', description: 'Id of the block', example: EXAMPLE_ID })
  @ApiNoContentResponse({ description: 'It is lifted' })
  @Problems(badId(), noBlock())
  async lift(@Param('id') id: string, @RequestOrigin() origin: Origin): Promise<void> {
    if (!isUuid(id)) throw badId();
    if (!(await this.blocked.lift(id, origin))) throw noBlock();
  }
}
