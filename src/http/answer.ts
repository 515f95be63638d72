import type { FastifyReply } from 'fastify';

/** Status, headers and body of an answer, without the headers that every answer has. Header names in lower case. */
export interface Answer<Body> {
  status: number;
  headers: Record<string, string>;
  body: Body;
}

/** @returns the body, which the controller returns */
export function send<Body>(reply: FastifyReply, { status, headers, body }: Answer<Body>): Body {
  void reply.code(status).headers(headers);
  return body;
}
