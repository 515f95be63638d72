import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { header, Problems } from '../http/problem.js';
import { tooManyExports } from './export.js';
import { EXPORT_TYPES } from './export.dto.js';
import { badVariant } from './reading.dto.js';

const DESCRIPTION = `All of them with the newest version of each text, in the order of ids, as fast as it is read.
It is whole when it ends as HTTP ends an answer.
A connection that breaks off goes on with \`after\`, the last id that arrived.
What comes while it is sent is left for the next one: it ends with \`Export-Last-Id\`.`;

/** Documents an export. @param example a line of JSON, and rows of CSV */
export const ApiExported = (operationId: string, summary: string, example: { jsonl: string; csv: string }) =>
  applyDecorators(
    ApiOperation({ operationId, summary, description: DESCRIPTION }),
    ApiOkResponse({
      description: 'The file',
      headers: {
        'Content-Disposition': header('Its name'),
        'Export-Last-Id': header('The last id of it; missing: there is nothing'),
      },
      content: Object.fromEntries(
        (['jsonl', 'csv'] as const).map((format) => [
          EXPORT_TYPES[format].split(';')[0]!,
          { schema: { type: 'string' }, example: example[format] },
        ]),
      ),
    }),
    Problems(badVariant, tooManyExports()),
  );

export const IMPORT_DESCRIPTION =
  'All items or none. What is meant is told by external_ids, else by slug, else by name and year; else it is new. ' +
  'Texts are stored as the next version, with origin HUMAN. The same request sent again changes nothing.';
