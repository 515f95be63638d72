import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Config } from '../config/config.js';
import { Generates, PublicRead } from '../http/auth.guard.js';
import { header, Problems, unprocessable } from '../http/problem.js';
import { RequestOrigin } from '../http/request-id.js';
import { ApiAccepted, answerSubmitted } from '../jobs/accepted.js';
import { JobDto } from '../jobs/jobs.dto.js';
import type { Origin } from '../jobs/jobs.service.js';
import {
  badPage,
  badVariant,
  GenerateMovieDto,
  ListMoviesQuery,
  MovieDto,
  MoviePageDto,
  VariantQuery,
} from './movies.dto.js';
import { MoviesReader, noFilm } from './movies.reader.js';
import { MoviesService } from './movies.service.js';

@ApiTags('movies')
@Controller('movies')
export class MoviesController {
  constructor(
    private readonly movies: MoviesService,
    private readonly reader: MoviesReader,
    private readonly config: Config,
  ) {}

  @Post('generate')
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
  @ApiAccepted('MOVIE', 'the-matrix-1999')
  @Problems(400, 413, 415, unprocessable([{ pointer: '/title', detail: 'must be 1..200 characters long' }]))
  async generate(
    @Body() dto: GenerateMovieDto,
    @RequestOrigin() origin: Origin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobDto> {
    return answerSubmitted(await this.movies.submit(dto, origin), reply, this.config.retentionDays);
  }

  @Get()
  @PublicRead()
  @ApiOperation({ operationId: 'listMovies', summary: 'Films, the last written first' })
  @ApiOkResponse({ type: MoviePageDto, description: 'A page of films' })
  @Problems(badPage)
  list(@Query() query: ListMoviesQuery): Promise<MoviePageDto> {
    return this.reader.list(query);
  }

  @Get(':slug')
  @PublicRead()
  @ApiOperation({ operationId: 'getMovie', summary: 'A film with its description and its people' })
  @ApiParam({ name: 'slug', description: 'Slug, with or without the year, or id', example: 'the-matrix-1999' })
  @ApiOkResponse({
    type: MovieDto,
    description: 'The film',
    headers: { 'Content-Language': header('Locale of the text served') },
  })
  @Problems(noFilm(), badVariant)
  async get(
    @Param('slug') slug: string,
    @Query() variant: VariantQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MovieDto> {
    const movie = await this.reader.get(slug, variant);
    if (movie.description) void reply.header('content-language', movie.description.locale);
    return movie;
  }
}
