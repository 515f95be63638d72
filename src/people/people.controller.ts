import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Config } from '../config/config.js';
import { PublicRead } from '../http/auth.guard.js';
import { Problems } from '../http/problem.js';
import { RequestOrigin } from '../http/request-id.js';
import { ApiAccepted, answerSubmitted } from '../jobs/accepted.js';
import { JobDto } from '../jobs/jobs.dto.js';
import type { Origin } from '../jobs/jobs.service.js';
import { VariantQuery } from '../movies/movies.dto.js';
import { GeneratePersonDto, ListPeopleQuery, PersonDto, PersonPageDto } from './people.dto.js';
import { PeopleReader } from './people.reader.js';
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
  @ApiAccepted()
  @Problems(400, 401, 413, 415, 422, 503)
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
  @ApiOkResponse({ type: PersonPageDto })
  @Problems(401, 422, 503)
  list(@Query() query: ListPeopleQuery): Promise<PersonPageDto> {
    return this.reader.list(query);
  }

  @Get(':slug')
  @PublicRead()
  @ApiOperation({ operationId: 'getPerson', summary: 'A person with the biography and the films' })
  @ApiParam({ name: 'slug', description: 'Slug, with or without the year, or id', example: 'keanu-reeves-1964' })
  @ApiOkResponse({
    type: PersonDto,
    headers: { 'Content-Language': { description: 'Locale of the text served', schema: { type: 'string' } } },
  })
  @Problems(401, 404, 422, 503)
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
