import { Body, Controller, Delete, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Origin, RequestOrigin } from '../access/origin.js';
import { KINDS } from '../domain/kinds.js';
import { MAX_SLUG } from '../domain/slug.js';
import type { TextDto } from '../domain/text.dto.js';
import { Corrections } from '../edits/corrections.js';
import { OwnTextDto, ownTextOf, RemoveQuery } from '../edits/edits.dto.js';
import { ApiCorrected, ApiOwnText, ApiRemoved, ApiRestored, ApiTextRemoved } from '../edits/edits.openapi.js';
import { OwnTexts } from '../edits/own-texts.js';
import { Removing } from '../edits/removing.js';
import { EditMovieDto, movieCorrection } from './movie-edits.dto.js';
import { MovieDto } from './movies.dto.js';
import { MoviesReader } from './movies.reader.js';

const SlugParam = (example: string) =>
  ApiParam({
    name: 'slug',
    description: 'Slug, or id. Without the year only where it fits one',
    schema: { type: 'string', minLength: 1, maxLength: MAX_SLUG, example },
  });

/** What people change of films themselves. */
@ApiTags('movies')
@Controller('movies')
export class MovieEditsController {
  constructor(
    private readonly texts: OwnTexts,
    private readonly corrections: Corrections,
    private readonly removing: Removing,
    private readonly reader: MoviesReader,
  ) {}

  @Put(':slug/descriptions')
  @ApiOwnText()
  @ApiOperation({
    operationId: 'putMovieDescription',
    summary: 'Write a description oneself',
    description:
      'It is the next version, of origin HUMAN, and pinned: a text that a model writes later is a version, but ' +
      'not served, save with replace_pinned. The same text once more changes nothing.',
  })
  @SlugParam('the-matrix-1999')
  async write(
    @Param('slug') slug: string,
    @Body() dto: OwnTextDto,
    @RequestOrigin() origin: Origin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TextDto> {
    const { text, isNew } = await this.texts.write(KINDS.MOVIE, slug, ownTextOf(dto), origin);
    void reply.code(isNew ? 201 : 200);
    return text;
  }

  @Post(':slug/descriptions/:id/restore')
  @ApiRestored()
  @ApiOperation({
    operationId: 'restoreMovieDescription',
    summary: 'Have an older version served again',
    description: 'It is pinned, as a text is that somebody wrote: newer ones are not served in its place.',
  })
  @SlugParam('the-matrix-1999')
  restore(@Param('slug') slug: string, @Param('id') id: string, @RequestOrigin() origin: Origin): Promise<TextDto> {
    return this.texts.restore(KINDS.MOVIE, slug, id, origin);
  }

  @Delete(':slug/descriptions/:id')
  @ApiTextRemoved()
  @ApiOperation({
    operationId: 'deleteMovieDescription',
    summary: 'Remove a version for good',
    description: 'If it was served, the newest of what is left is. Without a text the film is not listed.',
  })
  @SlugParam('the-matrix-1999')
  removeText(@Param('slug') slug: string, @Param('id') id: string, @RequestOrigin() origin: Origin): Promise<void> {
    return this.texts.remove(KINDS.MOVIE, slug, id, origin);
  }

  @Patch(':slug')
  @ApiCorrected()
  @ApiOperation({
    operationId: 'editMovie',
    summary: 'Correct facts, or hide it',
    description:
      'What is corrected stays, whatever a model tells later, refresh_facts too. The slug stays as well, and former ' +
      'names go on finding it. What is hidden can still be written about, and stays hidden.',
  })
  @SlugParam('the-matrix-1999')
  @ApiBody({
    type: EditMovieDto,
    examples: {
      fact: { summary: 'A title and a year', value: { title: 'The Matrix', release_year: 1999 } },
      hide: { summary: 'Hide it', value: { hidden: true } },
    },
  })
  @ApiOkResponse({ type: MovieDto, description: 'As it is now' })
  async correct(
    @Param('slug') slug: string,
    @Body() dto: EditMovieDto,
    @RequestOrigin() origin: Origin,
  ): Promise<MovieDto> {
    const id = await this.corrections.correct(KINDS.MOVIE, slug, movieCorrection(dto), origin);
    return this.reader.get(id, {}, true);
  }

  @Delete(':slug')
  @ApiRemoved()
  @ApiOperation({
    operationId: 'deleteMovie',
    summary: 'Remove it for good: texts, names, credits and all',
    description:
      'Jobs about it end CANCELLED. Finished jobs stay until they are forgotten. Texts of others are not searched ' +
      'for its name. With block it is never made again: a request is answered 409, and mentions are dropped.',
  })
  @SlugParam('removed-film-2001')
  remove(@Param('slug') slug: string, @Query() query: RemoveQuery, @RequestOrigin() origin: Origin): Promise<void> {
    return this.removing.remove(KINDS.MOVIE, slug, query, origin);
  }
}
