import type { FastifyReply, FastifyRequest } from 'fastify';

type Done = (error?: Error, payload?: unknown) => void;

/** A hook of fastify that waits for nothing: it costs no promise. An error that it throws becomes the answer. */
export const atOnce =
  (work: (request: FastifyRequest, reply: FastifyReply) => FastifyReply | void) =>
  (request: FastifyRequest, reply: FastifyReply, done: Done): void => {
    let answered: FastifyReply | void;
    try {
      answered = work(request, reply);
    } catch (error) {
      return done(error as Error);
    }
    if (!answered) done();
  };

/** The same for a hook that sees the body of the answer, and may change it. */
export const withPayload =
  <Payload>(work: (request: FastifyRequest, reply: FastifyReply, payload: Payload) => Payload) =>
  (request: FastifyRequest, reply: FastifyReply, payload: Payload, done: Done): void => {
    let changed: Payload;
    try {
      changed = work(request, reply, payload);
    } catch (error) {
      return done(error as Error);
    }
    done(undefined, changed);
  };
