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
import { badPage, badVariant, PageQuery, VariantQuery, VersionPageDto, VersionsQuery } from '../catalog/reading.dto.js';
import {
  GeneratePersonDto,
  GeneratePeopleDto,
  personSubmission,
  ListPeopleQuery,
  PersonDto,
  PersonMoviesPageDto,
  PersonPageDto,
} from './people.dto.js';
import { MAX_SLUG } from '../domain/slug.js';
import { noPerson, PeopleReader } from './people.reader.js';

const SlugParam = () =>
  ApiParam({
    name: 'slug',
    description: 'Slug, with or without the year, or id',
    schema: { type: 'string', minLength: 1, maxLength: MAX_SLUG, example: 'keanu-reeves-1964' },
  });

@ApiTags('people')
@Controller('people')
export class PeopleController {
  constructor(
    private readonly intake: Intake,
    private readonly waiting: WaitingAnswer,
    private readonly reader: PeopleReader,
  ) {}

  @Post('generate')
  @Direct()
  @HttpCode(202)
  @Generates()
  @ApiOperation({ operationId: 'generatePerson', summary: 'Have a biography written' })
  @ApiBody({
    type: GeneratePersonDto,
    examples: {
      name: { summary: 'By name and year of birth', value: { name: 'Keanu Reeves', birth_year: 1964 } },
      slug: {
        summary: 'By slug, in German',
        value: { slug: 'keanu-reeves-1964', locale: 'de-DE', context_tag: 'modern' },
      },
    },
  })
  @ApiAccepted()
  @Problems(400, 413, 415, unprocessable([{ pointer: '/name', detail: 'must be 1..200 characters long' }]))
  async generate(
    @Body() dto: GeneratePersonDto,
    @RequestOrigin() origin: Origin,
    @RequestKey() key: RequestKey | null,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobDto> {
    return this.waiting.send(await this.intake.one(personSubmission(dto), origin, key), request, reply);
  }

  @Post('generate/batch')
  @HttpCode(202)
  @RouteConfig({ bodyLimit: BATCH_BODY_LIMIT })
  @Generates()
  @ApiOperation({
    operationId: 'generatePeople',
    summary: 'Have up to 500 biographies written',
    description: BATCH_DESCRIPTION,
  })
  @ApiBody({
    type: GeneratePeopleDto,
    examples: {
      people: {
        summary: 'Two people',
        value: {
          items: [
            { name: 'Keanu Reeves', birth_year: 1964 },
            { name: 'Al Pacino', birth_year: 1940, locale: 'de-DE' },
          ],
        },
      },
    },
  })
  @ApiBatchAccepted()
  @Problems(400, tooLarge(BATCH_BODY_LIMIT), 415, badItems)
  async generateMany(
    @Body() batch: GeneratePeopleDto,
    @RequestOrigin() origin: Origin,
    @RequestKey() key: RequestKey | null,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BatchAcceptedDto> {
    return send(reply, await this.intake.many(submissionsOf(batch, personSubmission), batch, { origin, key }));
  }

  @Get()
  @PublicRead()
  @ApiOperation({
    operationId: 'listPeople',
    summary: 'People who have a biography: search, or all, the last written first',
    description:
      'With q the best match comes first, then the person born last. ' +
      'People known only from a cast are listed by has_text=false.',
  })
  @ConditionalAnswer(PersonPageDto, 'A page of people')
  @Problems(badPage)
  list(@Query() query: ListPeopleQuery): Promise<PersonPageDto> {
    return this.reader.list(query);
  }

  @Get(':slug')
  @PublicRead()
  @ApiOperation({
    operationId: 'getPerson',
    summary: 'A person with the biography and the films',
    description:
      'If a slug without a year fits several people, the answer is the one born last, ' +
      'with ambiguous true and the others in alternatives.',
  })
  @SlugParam()
  @ConditionalAnswer(PersonDto, 'The person', { 'Content-Language': header('Locale of the text served') })
  @Problems(noPerson(), badVariant)
  async get(
    @Param('slug') slug: string,
    @Query() variant: VariantQuery,
    @RequestCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PersonDto> {
    const person = await this.reader.get(slug, variant, isEditor(caller));
    if (person.bio) void reply.header('content-language', person.bio.locale);
    return person;
  }

  @Get(':slug/bios')
  @PublicRead()
  @ApiOperation({
    operationId: 'listPersonBios',
    summary: 'Every version of a person’s biographies, the newest first',
  })
  @SlugParam()
  @ConditionalAnswer(VersionPageDto, 'A page of versions')
  @Problems(noPerson(), badVariant)
  bios(
    @Param('slug') slug: string,
    @Query() query: VersionsQuery,
    @RequestCaller() caller: Caller,
  ): Promise<VersionPageDto> {
    return this.reader.bios(slug, query, isEditor(caller));
  }

  @Get(':slug/movies')
  @PublicRead()
  @ApiOperation({ operationId: 'listPersonMovies', summary: 'The films of a person, the newest first' })
  @SlugParam()
  @ConditionalAnswer(PersonMoviesPageDto, 'A page of films')
  @Problems(noPerson(), badPage)
  movies(
    @Param('slug') slug: string,
    @Query() query: PageQuery,
    @RequestCaller() caller: Caller,
  ): Promise<PersonMoviesPageDto> {
    return this.reader.movies(slug, query, isEditor(caller));
  }
}
