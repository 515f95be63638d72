import { Controller, Get, Header, HttpCode, Req, Res } from '@nestjs/common';
import {
  ApiExcludeEndpoint,
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../access/auth.guard.js';
import { Config } from '../config/config.js';
import { ROWS } from '../domain/kinds.js';
import { IF_NONE_MATCH } from '../http/conditional.js';
import { header } from '../http/problem.js';
import { pageFor } from './page.js';

class RootLinksDto {
  @ApiProperty({ example: '/docs', description: 'All of it, for people' })
  docs: string;

  @ApiProperty({ example: '/openapi.json', description: 'The same for programs, OpenAPI 3.1' })
  openapi: string;

  @ApiProperty({ example: '/health/ready' })
  health: string;
}

/** The list of each kind. */
const LISTS = Object.fromEntries(ROWS.map(({ path }) => [path, `/${path}`]));
for (const [path, example] of Object.entries(LISTS))
  ApiProperty({ type: String, example })(RootLinksDto.prototype, path);

class RootDto {
  @ApiProperty({ enum: ['MovieMind'], example: 'MovieMind' })
  name: string;

  @ApiProperty({ type: RootLinksDto })
  links: RootLinksDto;
}

const LINKS: RootLinksDto = {
  docs: '/docs',
  openapi: '/openapi.json',
  ...LISTS,
  health: '/health/ready',
};

const PAGE_HEADERS = { ETag: header('Of the page: changes with it') };

/** Links for a visitor of the server's root, and the files that browsers and crawlers ask every server for. */
@ApiTags('health')
@Public()
@Controller()
export class RootController {
  constructor(private readonly config: Config) {}

  @Get()
  @ApiOperation({
    operationId: 'getRoot',
    summary: 'Where to go from here',
    description: 'A browser, whose Accept prefers text/html, gets the page for people instead.',
  })
  @ApiExtraModels(RootDto)
  @ApiHeader(IF_NONE_MATCH)
  @ApiOkResponse({
    description: 'What this is, and where its parts are',
    headers: PAGE_HEADERS,
    content: {
      'application/json': { schema: { $ref: getSchemaPath(RootDto) } },
      'text/html': { schema: { type: 'string' }, example: '<!doctype html>' },
    },
  })
  @ApiResponse({ status: 304, description: 'The page has not changed since If-None-Match', headers: PAGE_HEADERS })
  root(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): RootDto | string | undefined {
    // An API alone is not told what its workers ask: the page learns it from /whoami.
    const service = this.config.runsJobs ? this.config.aiService : null;
    const page = pageFor(request, reply, service);
    if (page === null) return { name: 'MovieMind', links: LINKS };
    return page === '' ? undefined : page;
  }

  /** There is no icon, and a browser may remember that for a day. */
  @Get('favicon.ico')
  @ApiExcludeEndpoint()
  @HttpCode(204)
  @Header('cache-control', 'public, max-age=86400')
  icon(): void {
    // 204 has no content
  }
}
