import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiParam } from '@nestjs/swagger';
import { Edits } from '../access/auth.guard.js';
import { TextDto } from '../domain/text.dto.js';
import { Problems, unprocessable } from '../http/problem.js';
import { sameFilm } from './corrections.js';
import { nothingThere, severalThere } from './edited-row.js';
import { OwnTextDto } from './edits.dto.js';
import { badTextId, otherVersion } from './own-texts.js';

const TEXT_ID = '019ab1d2-84f1-7000-8000-0a0b0c0d0e0f';

const TextIdParam = () => ApiParam({ name: 'id', format: 'uuid', description: 'Id of the text', example: TEXT_ID });

/** What routes of both kinds say of themselves. */
export const ApiOwnText = () =>
  applyDecorators(
    Edits(),
    ApiBody({
      type: OwnTextDto,
      examples: {
        text: {
          summary: 'In German',
          value: { locale: 'de-DE', text: 'Ein Programmierer erfährt, dass seine Welt eine Simulation ist.' },
        },
      },
    }),
    ApiCreatedResponse({ type: TextDto, description: 'The next version, which is served from now on' }),
    ApiOkResponse({ type: TextDto, description: 'It is the current version already' }),
    Problems(
      400,
      nothingThere(),
      otherVersion(3),
      413,
      415,
      unprocessable([{ pointer: '/text', detail: 'must be 1..5000 characters long' }]),
    ),
  );

export const ApiRestored = () =>
  applyDecorators(
    Edits(),
    HttpCode(200),
    TextIdParam(),
    ApiOkResponse({ type: TextDto, description: 'The version that is served from now on' }),
    Problems(badTextId(), nothingThere(), severalThere()),
  );

export const ApiTextRemoved = () =>
  applyDecorators(
    Edits(),
    HttpCode(204),
    TextIdParam(),
    ApiNoContentResponse({ description: 'It is gone' }),
    Problems(badTextId(), nothingThere(), severalThere()),
  );

export const ApiCorrected = () =>
  applyDecorators(
    Edits(),
    Problems(
      400,
      nothingThere(),
      sameFilm('the-matrix-1999'),
      413,
      415,
      unprocessable([{ pointer: '/hidden', detail: 'must be true or false' }]),
    ),
  );

export const ApiRemoved = () =>
  applyDecorators(
    Edits(),
    HttpCode(204),
    ApiNoContentResponse({ description: 'It is gone' }),
    Problems(nothingThere(), severalThere(), unprocessable([{ pointer: '/block', detail: 'must be true or false' }])),
  );
