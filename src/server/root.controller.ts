import { Controller, Get, Header, HttpCode } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Public } from '../access/auth.guard.js';
import { ROWS } from '../domain/kinds.js';

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

/** Links for a visitor of the server's root, and the files that browsers and crawlers ask every server for. */
@ApiTags('health')
@Public()
@Controller()
export class RootController {
  @Get()
  @ApiOperation({ operationId: 'getRoot', summary: 'Where to go from here' })
  @ApiOkResponse({ type: RootDto, description: 'What this is, and where its parts are' })
  root(): RootDto {
    return { name: 'MovieMind', links: LINKS };
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
