import type { FastifyReply } from 'fastify';

/** What is sent, but for the headers that every answer has. Headers in lower case. */
export interface Answer<Body> {
  status: number;
  headers: Record<string, string>;
  body: Body;
}

/** @returns the body, for the controller to return */
export function send<Body>(reply: FastifyReply, { status, headers, body }: Answer<Body>): Body {
  void reply.code(status).headers(headers);
  return body;
}
