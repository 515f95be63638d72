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
import { badPage, badVariant, VariantQuery } from '../movies/movies.dto.js';
import { GeneratePersonDto, ListPeopleQuery, PersonDto, PersonPageDto } from './people.dto.js';
import { noPerson, PeopleReader } from './people.reader.js';
import { PeopleService } from './people.service.js';

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
  @ApiAccepted('PERSON', 'keanu-reeves-1964')
  @Problems(400, 413, 415, unprocessable([{ pointer: '/name', detail: 'must be 1..200 characters long' }]))
  async generate(
    @Body() dto: GeneratePersonDto,
    @RequestOrigin() origin: Origin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobDto> {
    return answerSubmitted(await this.people.submit(dto, origin), reply, this.config.retentionDays);
  }

  @Get()
  @PublicRead()
  @ApiOperation({ operationId: 'listPeople', summary: 'People, the last written first' })
  @ApiOkResponse({ type: PersonPageDto, description: 'A page of people' })
  @Problems(badPage)
  list(@Query() query: ListPeopleQuery): Promise<PersonPageDto> {
    return this.reader.list(query);
  }

  @Get(':slug')
  @PublicRead()
  @ApiOperation({ operationId: 'getPerson', summary: 'A person with the biography and the films' })
  @ApiParam({ name: 'slug', description: 'Slug, with or without the year, or id', example: 'keanu-reeves-1964' })
  @ApiOkResponse({
    type: PersonDto,
    description: 'The person',
    headers: { 'Content-Language': header('Locale of the text served') },
  })
  @Problems(noPerson(), badVariant)
  async get(
    @Param('slug') slug: string,
    @Query() variant: VariantQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PersonDto> {
    const person = await this.reader.get(slug, variant);
    if (person.bio) void reply.header('content-language', person.bio.locale);
    return person;
  }
}
