import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { validate as isUuid } from 'uuid';
import { Admin } from '../access/auth.guard.js';
import { type Origin, RequestOrigin } from '../access/origin.js';
import { TEXT_VERDICTS } from '../domain/vocabulary.js';
import { badTextId } from '../edits/own-texts.js';
import { SampledTexts } from '../edits/sampled-texts.js';
import { noSuchText, ofSomebody, TextReviews } from '../edits/text-reviews.js';
import { Problems, unprocessable } from '../http/problem.js';
import { idOf } from '../jobs/job-list.dto.js';
import { EXAMPLE_ID, idPage } from './edits.dto.js';
import {
  MarkDto,
  markOf,
  MOST_DRAWN,
  ReviewDto,
  ReviewListDto,
  ReviewsQuery,
  ReviewSummaryDto,
  SampledTextDto,
  SampleDto,
  SampleQuery,
} from './reviews.dto.js';

const badSize = unprocessable([{ pointer: '/size', detail: `must be an integer 1..${MOST_DRAWN}` }]);
const badLimit = unprocessable([{ pointer: '/limit', detail: 'must be an integer 1..100' }]);
const badVerdict = unprocessable([{ pointer: '/verdict', detail: `must be one of ${TEXT_VERDICTS.join(', ')}` }]);

/** What people think of the texts of models. */
@ApiTags('admin')
@Admin()
@Controller('admin/reviews')
export class ReviewsController {
  constructor(
    private readonly texts: SampledTexts,
    private readonly reviews: TextReviews,
  ) {}

  @Get('sample')
  @ApiOperation({
    operationId: 'sampleTexts',
    summary: 'Stored texts at random, beside their facts',
    description: 'Those that a model wrote, and that nobody has judged. Each request draws anew.',
  })
  @ApiOkResponse({ type: SampleDto, description: 'The texts' })
  @Problems(badSize)
  async sample(@Query() { size, ...filter }: SampleQuery): Promise<SampleDto> {
    return { results: (await this.texts.some(size, filter)).map((one) => SampledTextDto.from(one)) };
  }

  @Get('summary')
  @ApiOperation({ operationId: 'getReviewSummary', summary: 'How many were good and bad, by model and prompts' })
  @ApiOkResponse({ type: ReviewSummaryDto, description: 'The counts' })
  async summary(): Promise<ReviewSummaryDto> {
    return { results: await this.reviews.summary() };
  }

  @Get()
  @ApiOperation({ operationId: 'listReviews', summary: 'What was judged, with its notes, newest first' })
  @ApiOkResponse({ type: ReviewListDto, description: 'A part of the list' })
  @Problems(badLimit)
  async list(@Query() { verdict, limit, cursor }: ReviewsQuery): Promise<ReviewListDto> {
    return idPage(await this.reviews.page(verdict, limit + 1, idOf(cursor)), limit, (row) => ReviewDto.from(row));
  }

  @Put(':text_id')
  @ApiOperation({
    operationId: 'reviewText',
    summary: 'Judge a text good or bad',
    description: 'A text has one verdict: a further one takes its place. It stays when the text is removed.',
  })
  @ApiParam({ name: 'text_id', format: 'uuid', description: 'Id of the text', example: EXAMPLE_ID })
  @ApiBody({
    type: MarkDto,
    examples: {
      bad: { summary: 'Bad, and why', value: { verdict: 'bad', note: 'Tells the ending.' } },
      good: { summary: 'Good', value: { verdict: 'good' } },
    },
  })
  @ApiOkResponse({ type: ReviewDto, description: 'It is noted' })
  @Problems(400, noSuchText(), ofSomebody(), 413, 415, badVerdict)
  async mark(@Param('text_id') id: string, @Body() dto: MarkDto, @RequestOrigin() origin: Origin): Promise<ReviewDto> {
    if (!isUuid(id)) throw badTextId();
    return ReviewDto.from(await this.reviews.mark(id, markOf(dto), origin));
  }
}
