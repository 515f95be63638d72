import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { MovieExternalIdsDto } from '../accept/generate.dto.js';
import { Edits, ExportsAll } from '../access/auth.guard.js';
import { type Origin, RequestOrigin } from '../access/origin.js';
import { ApiExported, IMPORT_DESCRIPTION } from '../catalog/exchange.openapi.js';
import { Exports } from '../catalog/export.js';
import { ExportQuery } from '../catalog/export.dto.js';
import { badImport, ImportedListDto, ImportItemDto } from '../edits/import.dto.js';
import { Imports, ownOf } from '../edits/import.js';
import { FIRST_YEAR, KINDS } from '../domain/kinds.js';
import { lastYear } from '../domain/slug.js';
import { IMPORT_BODY_LIMIT, MOST_IMPORTED } from '../domain/vocabulary.js';
import { foldedKeys } from '../generation/identity/fold.js';
import { IntegerField, ItemsField, ObjectField, TextField } from '../http/fields.js';
import { Problems, tooLarge } from '../http/problem.js';
import { type MovieRow, moviesOf, summary } from './movies.reader.js';

class ImportMovieDto extends ImportItemDto {
  @TextField({ min: 1, max: 200, example: 'The Matrix', missing: 'title is required', description: 'In any script' })
  title: string;

  @IntegerField({ required: false, min: FIRST_YEAR, max: lastYear, example: 1999, description: 'Of the first release' })
  release_year?: number;

  @ObjectField({ required: false, of: () => MovieExternalIdsDto, description: 'Say which film it is, and are kept' })
  external_ids?: MovieExternalIdsDto;
}

class ImportMoviesDto {
  @ItemsField({ of: () => ImportMovieDto, max: MOST_IMPORTED, description: 'Films' })
  items: ImportMovieDto[];
}

const EXAMPLE = {
  title: 'Heat',
  release_year: 1995,
  external_ids: { imdb: 'tt0113277' },
  texts: [{ locale: 'de-DE', context_tag: 'DEFAULT', text: 'Ein Dieb und ein Polizist.' }],
};
const EXPORTED = {
  jsonl: '{"id":"019ab1d2-…","slug":"the-matrix-1999","title":"The Matrix",…,"texts":[{"locale":"en-US",…}]}\n',
  csv: 'id,slug,title,release_year,…\r\n019ab1d2-…,the-matrix-1999,The Matrix,1999,…\r\n',
};

@ApiTags('movies')
@Controller()
export class MoviesExchangeController {
  constructor(
    private readonly exports: Exports,
    private readonly imports: Imports,
  ) {}

  @Get('export/movies')
  @ExportsAll()
  @ApiExported('exportMovies', 'All films with their texts, as a file', EXPORTED)
  export(@Query() query: ExportQuery, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const list = moviesOf({ ...query, page: 1, per_page: 1 });
    return this.exports.send<MovieRow>(
      { kind: KINDS.MOVIE, list, shown: (row) => summary(row, { asked: query.locale }) },
      query,
      request,
      reply,
    );
  }

  @Post('import/movies')
  @HttpCode(200)
  @RouteConfig({ bodyLimit: IMPORT_BODY_LIMIT })
  @Edits()
  @ApiOperation({
    operationId: 'importMovies',
    summary: `Up to ${MOST_IMPORTED} films with ids and texts of your own`,
    description: IMPORT_DESCRIPTION,
  })
  @ApiBody({ type: ImportMoviesDto, examples: { film: { summary: 'A text', value: { items: [EXAMPLE] } } } })
  @ApiOkResponse({ type: ImportedListDto, description: 'They are stored' })
  @Problems(400, tooLarge(IMPORT_BODY_LIMIT), 415, badImport)
  import(@Body() { items }: ImportMoviesDto, @RequestOrigin() origin: Origin): Promise<ImportedListDto> {
    const own = items.map((item, n) => {
      const name = { text: item.title, keys: foldedKeys(item.title, 'MOVIE') };
      return ownOf(`/items/${n}`, item, name, item.release_year ?? null);
    });
    return this.imports.take(KINDS.MOVIE, own, origin);
  }
}
