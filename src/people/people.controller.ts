import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Config } from '../config/config.js';
import { PublicRead } from '../http/auth.guard.js';
import { ConditionalAnswer } from '../http/conditional.js';
import { header, Problems, unprocessable } from '../http/problem.js';
import { RequestOrigin } from '../http/request-id.js';
import { ApiAccepted, answerSubmitted } from '../jobs/accepted.js';
import { JobDto } from '../jobs/jobs.dto.js';
import type { Origin } from '../jobs/jobs.service.js';
import { badPage, badVariant, VariantQuery, VersionPageDto, VersionsQuery } from '../movies/reading.dto.js';
import { GeneratePersonDto, ListPeopleQuery, PersonDto, PersonPageDto } from './people.dto.js';
import { noPerson, PeopleReader } from './people.reader.js';
import { PeopleService } from './people.service.js';

const SlugParam = () =>
  ApiParam({ name: 'slug', description: 'Slug, with or without the year, or id', example: 'keanu-reeves-1964' });

@ApiTags('people')
@Controller('people')
export class PeopleController {
  constructor(
    private readonly people: PeopleService,
    private readonly reader: PeopleReader,
    private readonly config: Config,
  ) {}

  @Post('generate')
  @HttpCode(202)
  @ApiBearerAuth()
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
  @ApiAccepted('PERSON', 'keanu-reeves-1964')
  @Problems(400, 401, 413, 415, unprocessable([{ pointer: '/name', detail: 'must be 1..200 characters long' }]), 503)
  async generate(
    @Body() dto: GeneratePersonDto,
    @RequestOrigin() origin: Origin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobDto> {
    return answerSubmitted(await this.people.submit(dto, origin), reply, this.config.retentionDays);
  }

  @Get()
  @PublicRead()
  @ApiOperation({
    operationId: 'listPeople',
    summary: 'People: search, or all, the last written first',
    description: 'With q the best fit comes first, then who was born last. A page beyond the last one is empty.',
  })
  @ConditionalAnswer(PersonPageDto, 'A page of people')
  @Problems(401, badPage, 503)
  list(@Query() query: ListPeopleQuery): Promise<PersonPageDto> {
    return this.reader.list(query);
  }

  @Get(':slug')
  @PublicRead()
  @ApiOperation({
    operationId: 'getPerson',
    summary: 'A person with the biography and the films',
    description:
      'A slug without a year that fits several people answers the one born last, with ambiguous true and the others in ' +
      'alternatives. The biography says which locale and context_tag it is.',
  })
  @SlugParam()
  @ConditionalAnswer(PersonDto, 'The person', { 'Content-Language': header('Locale of the text served') })
  @Problems(401, noPerson(), badVariant, 503)
  async get(
    @Param('slug') slug: string,
    @Query() variant: VariantQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PersonDto> {
    const person = await this.reader.get(slug, variant);
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
  @Problems(401, noPerson(), badVariant, 503)
  bios(@Param('slug') slug: string, @Query() query: VersionsQuery): Promise<VersionPageDto> {
    return this.reader.bios(slug, query);
  }
}
