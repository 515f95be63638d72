import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { parseJsonBody, refuseCharset, refusePacked } from './json-body.js';
import { malformed, tooLarge } from './problem.js';

/** With any parameters: only the charset says something, and is looked at. */
const JSON_TYPE = /^application\/json\s*(;|$)/i;
/**
 * Of a body that nobody wants (any more) so much is taken, bytes: a client that is still sending it reads the answer
 * first.
 */
const MOST_DISCARDED = 2 * 1024 * 1024;

/** Bodies that wait to be read. */
const unread = new WeakMap<FastifyRequest, IncomingMessage>();

/**
 * Leaves bodies where they are until the guards know whose they are, and how often that one asks: {@link BodyGuard}.
 */
export function deferBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(JSON_TYPE, async (request: FastifyRequest, body: IncomingMessage) => {
    refuseCharset(request.headers['content-type']);
    refusePacked(request.headers['content-encoding']);
    unread.set(request, body);
  });
  fastify.addHook('onSend', async ({ raw }) => {
    if (!raw.complete) discard(raw);
  });
}

/** Reads the body. After the guards that refuse a request without it. */
@Injectable()
export class BodyGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const body = unread.get(request);
    if (body) request.body = parseJsonBody(await this.read(request, body, http.getResponse<FastifyReply>()));
    return true;
  }

  private async read(request: FastifyRequest, body: IncomingMessage, reply: FastifyReply): Promise<Buffer> {
    const limit = request.routeOptions.bodyLimit;
    const bytes = Number(request.headers['content-length'] ?? 0) > limit ? null : await bytesOf(body, limit);
    if (bytes) return bytes;
    // The client may not have sent it all, and would take what is left for another request.
    void reply.header('connection', 'close');
    throw tooLarge(limit);
  }
}

/**
 * @returns `null` when there are more than `limit`.
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
      body.off('data', take);
      done(null);
    };
    const cut = () => failed(malformed('The body did not arrive whole.'));
    body.on('data', take);
    body.once('end', () => done(Buffer.concat(chunks)));
    body.once('error', cut).once('close', cut);
  });
}

/** Takes the rest of a body off the connection; one that does not end loses it. */
function discard(raw: IncomingMessage): void {
  let left = MOST_DISCARDED;
  raw.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) raw.destroy();
  });
  raw.on('error', () => undefined);
}
