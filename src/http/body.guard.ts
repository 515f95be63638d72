import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { parseJsonBody, refuseCharset, refusePacked } from './json-body.js';
import { malformed, tooLarge } from './problem.js';

/** With any parameters: only the charset has a meaning and is checked. */
const JSON_TYPE = /^application\/json\s*(;|$)/i;
/** Bytes of an unwanted body that are still read: a client that sends them reads the answer only afterwards. */
const MOST_DISCARDED = 2 * 1024 * 1024;

/** Bodies that are not read yet. */
const unread = new WeakMap<FastifyRequest, IncomingMessage>();

/** Leaves bodies unread until the guards have checked caller and limits: {@link BodyGuard}. */
export function deferBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(JSON_TYPE, async (request: FastifyRequest, body: IncomingMessage) => {
    refuseCharset(request.headers['content-type']);
    refusePacked(request.headers['content-encoding']);
    unread.set(request, body);
  });
}

/** Called for each answer: a body that nobody wanted is still read, up to a bound. */
export function discardUnread({ raw }: FastifyRequest): void {
  if (!raw.complete) discard(raw);
}

/** Reads the body. It runs after the guards that decide without it. */
@Injectable()
export class BodyGuard {
  async admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const body = unread.get(request);
    if (body) request.body = parseJsonBody(await this.read(request, body, reply));
  }

  private async read(request: FastifyRequest, body: IncomingMessage, reply: FastifyReply): Promise<Buffer> {
    const limit = request.routeOptions.bodyLimit;
    const bytes = Number(request.headers['content-length'] ?? 0) > limit ? null : await bytesOf(body, limit);
    if (bytes) return bytes;
    // The client may still send the body, and the server would take the rest for another request.
    void reply.header('connection', 'close');
    throw tooLarge(limit);
  }
}

/**
 * @returns `null` when there are more than `limit`
 * @throws ProblemException 400 when the client went away before the end
 */
function bytesOf(body: IncomingMessage, limit: number): Promise<Buffer | null> {
  return new Promise((done, failed) => {
    const chunks: Buffer[] = [];
    let left = limit;
    const take = (chunk: Buffer) => {
      left -= chunk.length;
      chunks.push(chunk);
      if (left >= 0) return;
      leave();
      done(null);
    };
    const end = () => {
      leave();
      done(Buffer.concat(chunks));
    };
    const cut = () => failed(malformed('The body did not arrive whole.'));
    // Every body is closed after its end: then nobody listens any more.
    const leave = () => body.off('data', take).off('end', end).off('close', cut);
    body.on('data', take).once('end', end).once('close', cut).once('error', cut);
  });
}

/** Reads the rest of a body and drops it; closes the connection when the body does not end. */
function discard(raw: IncomingMessage): void {
  let left = MOST_DISCARDED;
  raw.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) raw.destroy();
  });
  raw.on('error', () => undefined);
}
