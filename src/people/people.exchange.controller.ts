import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PersonExternalIdsDto } from '../accept/generate.dto.js';
import { Edits, ExportsAll } from '../access/auth.guard.js';
import { type Origin, RequestOrigin } from '../access/origin.js';
import { ApiExported, IMPORT_DESCRIPTION } from '../catalog/exchange.openapi.js';
import { Exports } from '../catalog/export.js';
import { ExportQuery } from '../catalog/export.dto.js';
import { badImport, ImportedListDto, ImportItemDto } from '../edits/import.dto.js';
import { Imports, ownOf } from '../edits/import.js';
import { EARLIEST_BIRTH, KINDS } from '../domain/kinds.js';
import { lastYear } from '../domain/slug.js';
import { IMPORT_BODY_LIMIT, MOST_IMPORTED } from '../domain/vocabulary.js';
import { foldedKeys } from '../generation/identity/fold.js';
import { IntegerField, ItemsField, ObjectField, TextField } from '../http/fields.js';
import { Problems, tooLarge } from '../http/problem.js';
import { type PersonRow, peopleOf, summary } from './people.reader.js';

class ImportPersonDto extends ImportItemDto {
  @TextField({ min: 1, max: 200, example: 'Keanu Reeves', missing: 'name is required', description: 'In any script' })
  name: string;

  @IntegerField({ required: false, min: EARLIEST_BIRTH, max: lastYear, example: 1964, description: 'Of birth' })
  birth_year?: number;

  @ObjectField({ required: false, of: () => PersonExternalIdsDto, description: 'Say who it is, and are kept' })
  external_ids?: PersonExternalIdsDto;
}

class ImportPeopleDto {
  @ItemsField({ of: () => ImportPersonDto, max: MOST_IMPORTED, description: 'People' })
  items: ImportPersonDto[];
}

const EXAMPLE = {
  name: 'Keanu Reeves',
  birth_year: 1964,
  external_ids: { imdb: 'nm0000206' },
  texts: [{ locale: 'de-DE', context_tag: 'DEFAULT', text: 'Ein Schauspieler aus Beirut.' }],
};
const EXPORTED = {
  jsonl: '{"id":"019ab1d2-…","slug":"keanu-reeves-1964","name":"Keanu Reeves",…,"texts":[{"locale":"en-US",…}]}\n',
  csv: 'id,slug,name,birth_year,…\r\n019ab1d2-…,keanu-reeves-1964,Keanu Reeves,1964,…\r\n',
};

@ApiTags('people')
@Controller()
export class PeopleExchangeController {
  constructor(
    private readonly exports: Exports,
    private readonly imports: Imports,
  ) {}

  @Get('export/people')
  @ExportsAll()
  @ApiExported('exportPeople', 'All people with their texts, as a file', EXPORTED)
  export(@Query() query: ExportQuery, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const list = peopleOf({ ...query, page: 1, per_page: 1 });
    return this.exports.send<PersonRow>(
      { kind: KINDS.PERSON, list, shown: (row) => summary(row) },
      query,
      request,
      reply,
    );
  }

  @Post('import/people')
  @HttpCode(200)
  @RouteConfig({ bodyLimit: IMPORT_BODY_LIMIT })
  @Edits()
  @ApiOperation({
    operationId: 'importPeople',
    summary: `Up to ${MOST_IMPORTED} people with ids and texts of your own`,
    description: IMPORT_DESCRIPTION,
  })
  @ApiBody({ type: ImportPeopleDto, examples: { person: { summary: 'A text', value: { items: [EXAMPLE] } } } })
  @ApiOkResponse({ type: ImportedListDto, description: 'They are stored' })
  @Problems(400, tooLarge(IMPORT_BODY_LIMIT), 415, badImport)
  import(@Body() { items }: ImportPeopleDto, @RequestOrigin() origin: Origin): Promise<ImportedListDto> {
    const own = items.map((item, n) => {
      const name = { text: item.name, keys: foldedKeys(item.name, 'PERSON') };
      return ownOf(`/items/${n}`, item, name, item.birth_year ?? null);
    });
    return this.imports.take(KINDS.PERSON, own, origin);
  }
}
