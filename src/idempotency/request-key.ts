import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { callerOf, isAdmin } from '../access/caller.js';
import { header, unprocessable } from '../http/problem.js';

/** A request's Idempotency-Key as it is kept: only digests, so no text of the client is stored. */
export interface RequestKey {
  /** The digest of caller, route and key. */
  id: Buffer;
  /** The digest of path and body, independent of the order of the body's fields. */
  fingerprint: Buffer;
}

const NAME = 'Idempotency-Key';
export const KEY_POINTER = `/${NAME}`;
const MAX_LENGTH = 255;
/** A string of RFC 8941: in quotes, printable ASCII, quotes and backslashes escaped. */
const QUOTED = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;
const BARE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** The text of the key; `null`: the value is no key. */
export function keyText(value: string): string | null {
  const quoted = QUOTED.exec(value)?.[1]?.replace(/\\(.)/g, '$1');
  const text = quoted ?? (BARE.test(value) ? value : '');
  return text.length >= 1 && text.length <= MAX_LENGTH ? text : null;
}

/**
 * Parameter of a route: the key of the request; `null`: it has none.
 * @throws ProblemException 422 for a header that is no key
 */
export const RequestKey = createParamDecorator((_: unknown, context: ExecutionContext): RequestKey | null => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const value = request.headers[NAME.toLowerCase()];
  if (value === undefined) return null;
  const text = typeof value === 'string' ? keyText(value) : null;
  if (text === null) {
    const rule = `must be 1..${MAX_LENGTH} printable ASCII characters without spaces, or a string in quotes (RFC 8941)`;
    throw unprocessable([{ pointer: KEY_POINTER, detail: rule }]);
  }
  const caller = callerOf(request);
  const who = caller.key_id ?? (isAdmin(caller) ? 'admin' : 'anonymous');
  return {
    id: digest([who, request.method, request.routeOptions.url, text]),
    fingerprint: digest([request.url.split('?')[0], request.body]),
  };
});

/** Documents the header. */
export const ApiRequestKey = () =>
  ApiHeader({
    name: NAME,
    required: false,
    description:
      'Makes it safe to send the request again: for 7 days the same key and body get the first answer again, ' +
      'with Idempotent-Replayed: true. With another body it is 422. ' +
      'While the first request is still being answered, the answer is 409. ' +
      'Bare or in quotes; valid for this caller and this route.',
    schema: { type: 'string', minLength: 1, maxLength: MAX_LENGTH + 2, example: '5f6c1e2a-films-1' },
  });

/** Documents the header of an answer that was given before. */
export const Replayed = header('true: the first answer to this Idempotency-Key, once more');

const digest = (value: unknown) => createHash('sha256').update(JSON.stringify(value, sorted)).digest();

/** A replacer: the fields of every object in one order. */
function sorted(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
