import { applyDecorators, type CallHandler, type ExecutionContext, Injectable } from '@nestjs/common';
import { type NestInterceptor, type Type, UseInterceptors } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { Config } from '../config/config.js';
import { linkedBelow, prefixOf } from './base-path.js';
import { isKnown, LONGEST_TAG, tagOf } from './etag.js';
import { header } from './problem.js';

/** What an answer with an ETag says for caches. */
export const CONDITIONAL_HEADERS = {
  ETag: header('Changes with anything in the body'),
  'Cache-Control': header('A cache may keep it, but must ask before using it again; private where reading needs a key'),
};
const EXAMPLE_TAG = '"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"';

export const IF_NONE_MATCH = {
  name: 'If-None-Match',
  description: 'ETag of the answer at hand',
  schema: { type: 'string', maxLength: LONGEST_TAG, example: EXAMPLE_TAG },
} as const;

/** A GET whose answer has an ETag. The answer is 304 without a body when the client has this version already. */
export const ConditionalAnswer = (type: Type, description: string, headers: Record<string, object> = {}) =>
  applyDecorators(
    UseInterceptors(ConditionalRead),
    ApiHeader(IF_NONE_MATCH),
    ApiOkResponse({ type, description, headers: { ...CONDITIONAL_HEADERS, ...headers } }),
    ApiResponse({
      status: 304,
      description: 'Not changed since If-None-Match',
      headers: { ...CONDITIONAL_HEADERS, ...headers },
    }),
  );

/** Computes the ETag from the bytes of the answer, so that a change of any part counts. */
@Injectable()
class ConditionalRead implements NestInterceptor {
  /** A text may be regenerated at any moment, so caches must ask each time; asking costs a 304. */
  private readonly cacheControl: string;

  constructor({ authRequired, publicReads }: Config) {
    this.cacheControl = authRequired && !publicReads ? 'private, no-cache' : 'public, no-cache';
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<string | undefined> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    return next.handle().pipe(map((body: object) => this.answer(body, request, reply)));
  }

  private answer(body: object, request: FastifyRequest, reply: FastifyReply): string | undefined {
    const json = JSON.stringify(linkedBelow(prefixOf(request), body));
    const tag = tagOf(json);
    void reply.header('etag', tag).header('cache-control', this.cacheControl);
    if (isKnown(request.headers['if-none-match'], tag)) {
      void reply.code(304);
      return undefined;
    }
    void reply.type('application/json; charset=utf-8');
    return json;
  }
}
