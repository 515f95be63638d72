import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { send } from '../http/answer.js';
import { Direct } from '../http/direct.js';
import { type Caller, isEditor, RequestCaller } from '../access/caller.js';
import { Generates, PublicRead } from '../access/auth.guard.js';
import { ConditionalAnswer } from '../http/conditional.js';
import { header, Problems, tooLarge, unprocessable } from '../http/problem.js';
import { RequestOrigin } from '../access/origin.js';
import { RequestKey } from '../idempotency/request-key.js';
import { badItems, BATCH_BODY_LIMIT, BATCH_DESCRIPTION, type BatchAcceptedDto } from '../batches/batches.dto.js';
import { ApiAccepted, ApiBatchAccepted } from '../accept/accepted.js';
import { submissionsOf } from '../accept/generate.dto.js';
import { Intake } from '../accept/intake.js';
import { WaitingAnswer } from '../accept/waiting-answer.js';
import type { JobDto } from '../jobs/jobs.dto.js';
import type { Origin } from '../access/origin.js';
import {
  GenerateMovieDto,
  GenerateMoviesDto,
  movieSubmission,
  ListMoviesQuery,
  MovieDto,
  MoviePageDto,
  MoviePeoplePageDto,
} from './movies.dto.js';
import { MoviesReader, noFilm } from './movies.reader.js';
import { MAX_SLUG } from '../domain/slug.js';
import { badPage, badVariant, PageQuery, VariantQuery, VersionPageDto, VersionsQuery } from '../catalog/reading.dto.js';

const SlugParam = () =>
  ApiParam({
    name: 'slug',
    description: 'Slug, with or without the year, or id',
    schema: { type: 'string', minLength: 1, maxLength: MAX_SLUG, example: 'the-matrix-1999' },
  });

@ApiTags('movies')
@Controller('movies')
export class MoviesController {
  constructor(
    private readonly intake: Intake,
    private readonly waiting: WaitingAnswer,
    private readonly reader: MoviesReader,
  ) {}

  @Post('generate')
  @Direct()
  @HttpCode(202)
  @Generates()
  @ApiOperation({ operationId: 'generateMovie', summary: 'Have a film described' })
  @ApiBody({
    type: GenerateMovieDto,
    examples: {
      title: { summary: 'By title and year', value: { title: 'The Matrix', release_year: 1999 } },
      slug: {
        summary: 'By slug, in Polish',
        value: { slug: 'the-matrix-1999', locale: 'pl-PL', context_tag: 'humorous' },
      },
    },
  })
  @ApiAccepted()
  @Problems(400, 413, 415, unprocessable([{ pointer: '/title', detail: 'must be 1..200 characters long' }]))
  async generate(
    @Body() dto: GenerateMovieDto,
    @RequestOrigin() origin: Origin,
    @RequestKey() key: RequestKey | null,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobDto> {
    return this.waiting.send(await this.intake.one(movieSubmission(dto), origin, key), request, reply);
  }

  @Post('generate/batch')
  @HttpCode(202)
  @RouteConfig({ bodyLimit: BATCH_BODY_LIMIT })
  @Generates()
  @ApiOperation({
    operationId: 'generateMovies',
    summary: 'Have up to 500 films described',
    description: BATCH_DESCRIPTION,
  })
  @ApiBody({
    type: GenerateMoviesDto,
    examples: {
      films: {
        summary: 'Two films',
        value: {
          items: [
            { title: 'The Matrix', release_year: 1999 },
            { title: 'Heat', release_year: 1995, locale: 'de-DE' },
          ],
        },
      },
    },
  })
  @ApiBatchAccepted()
  @Problems(400, tooLarge(BATCH_BODY_LIMIT), 415, badItems)
  async generateMany(
    @Body() batch: GenerateMoviesDto,
    @RequestOrigin() origin: Origin,
    @RequestKey() key: RequestKey | null,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BatchAcceptedDto> {
    return send(reply, await this.intake.many(submissionsOf(batch, movieSubmission), batch, { origin, key }));
  }

  @Get()
  @PublicRead()
  @ApiOperation({
    operationId: 'listMovies',
    summary: 'Films that have a description: search, or all, the last written first',
    description:
      'With q the best match comes first, then the newest film. ' +
      'Films known only from a filmography are listed by has_text=false.',
  })
  @ConditionalAnswer(MoviePageDto, 'A page of films')
  @Problems(badPage)
  list(@Query() query: ListMoviesQuery): Promise<MoviePageDto> {
    return this.reader.list(query);
  }

  @Get(':slug')
  @PublicRead()
  @ApiOperation({
    operationId: 'getMovie',
    summary: 'A film with its description and its people',
    description:
      'If a slug without a year fits several films, the answer is the newest, ' +
      'with ambiguous true and the others in alternatives.',
  })
  @SlugParam()
  @ConditionalAnswer(MovieDto, 'The film', { 'Content-Language': header('Locale of the text served') })
  @Problems(noFilm(), badVariant)
  async get(
    @Param('slug') slug: string,
    @Query() variant: VariantQuery,
    @RequestCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MovieDto> {
    const movie = await this.reader.get(slug, variant, isEditor(caller));
    if (movie.description) void reply.header('content-language', movie.description.locale);
    return movie;
  }

  @Get(':slug/descriptions')
  @PublicRead()
  @ApiOperation({
    operationId: 'listMovieDescriptions',
    summary: 'Every version of a film’s descriptions, the newest first',
  })
  @SlugParam()
  @ConditionalAnswer(VersionPageDto, 'A page of versions')
  @Problems(noFilm(), badVariant)
  descriptions(
    @Param('slug') slug: string,
    @Query() query: VersionsQuery,
    @RequestCaller() caller: Caller,
  ): Promise<VersionPageDto> {
    return this.reader.descriptions(slug, query, isEditor(caller));
  }

  @Get(':slug/people')
  @PublicRead()
  @ApiOperation({ operationId: 'listMoviePeople', summary: 'The people of a film, in the order of its credits' })
  @SlugParam()
  @ConditionalAnswer(MoviePeoplePageDto, 'A page of people')
  @Problems(noFilm(), badPage)
  people(
    @Param('slug') slug: string,
    @Query() query: PageQuery,
    @RequestCaller() caller: Caller,
  ): Promise<MoviePeoplePageDto> {
    return this.reader.people(slug, query, isEditor(caller));
  }
}
