import type { FastifyInstance } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { v7 as uuidv7 } from 'uuid';
import { NOT_IN_ADDRESS, NOT_ENCODED } from './address.js';
import type { CrossOrigin } from './cross-origin.js';
import { documentOf, ProblemException } from './problem.js';
import { answerInstead, encodedAddress, encodedRequest } from './raw-address.js';
import { requestIdOf } from './request-id.js';
import { newTrace } from '../tracing/traceparent.js';
import { traceparentOf } from './trace.js';

type Kind = [status: number, kind: string, detail: string];

/** By Node's error code. */
const KINDS: Record<string, Kind> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'timeout', 'The request did not arrive in time.'],
  HPE_HEADER_OVERFLOW: [431, 'headers-too-large', 'The address and the headers are larger than 16 KiB.'],
};
const NO_HTTP: Kind = [400, 'malformed', 'This is not an HTTP request.'];
const UNENCODED: Kind = [400, 'malformed', NOT_ENCODED];

/** The first line of a request; its address may contain invalid bytes. Each character is a byte. */
const FIRST_LINE = /^[A-Z]+ (?:https?:\/\/[^/\s]*)?(\/[^\r\n]*?)(?: HTTP\/\d(?:\.\d)?)?\r?(?:\n|$)/;

type Unreadable = NodeJS.ErrnoException & { rawPacket?: Buffer };

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

/** Answers requests that Node refuses before they reach a route, so that these answers are problem documents too. */
export class UnreadableRequests {
  /** The request that each connection is answering, or has answered last. */
  private readonly exchanges = new WeakMap<Socket, Exchange>();
  /** Connections that will end with an answer that is on its way. */
  private readonly answered = new WeakSet<Socket>();

  constructor(private readonly sites: CrossOrigin) {}

  watch({ server }: FastifyInstance): void {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.exchanges.set(request.socket, { request, response });
    });
  }

  answer(error: Unreadable, socket: Socket, { server }: FastifyInstance): void {
    if (this.answered.has(socket)) return;
    const last = this.exchanges.get(socket);
    const exchange = last?.response.closed ? undefined : last;
    const { code = '', rawPacket = Buffer.alloc(0) } = error;
    const corrected = code === 'HPE_INVALID_URL' && !exchange ? encodedRequest(rawPacket) : null;
    this.answered.add(socket);
    if (corrected) return answerInstead(server, socket, corrected);
    // A complete request gets its own answer first. The client would take this one for it.
    const inTurn = !exchange || (!exchange.request.complete && !exchange.response.headersSent);
    if (code !== 'ECONNRESET' && socket.writable && inTurn)
      socket.write(answerTo(code, rawPacket.toString('latin1'), exchange && this.known(exchange.request)));
    socket.destroy(error);
  }

  private known(request: IncomingMessage): Known {
    const { headers, method = '', url = '/' } = request;
    return { request, forBrowsers: this.sites.headersFor({ headers, method, url, routeOptions: {} as never }) };
  }
}

/** A request whose head was read, and what its answer needs for a browser. */
interface Known {
  request: IncomingMessage;
  forBrowsers: Record<string, string>;
}

/** @param known the request whose body failed; without it the head failed, and only `packet` is known */
function answerTo(code: string, packet: string, known?: Known): string {
  const { request, forBrowsers = {} } = known ?? {};
  const [, target] = (request ? null : FIRST_LINE.exec(packet)) ?? [];
  const [status, kind, detail] = KINDS[code] ?? (target && NOT_IN_ADDRESS.test(target) ? UNENCODED : NO_HTTP);
  const request_id = request ? requestIdOf(request) : uuidv7();
  const instance = pathOf(request?.url ?? target ?? '/');
  const problem = documentOf(new ProblemException(status, kind, detail), instance, request_id);
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${status} ${problem.title}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${request_id}`,
    `traceparent: ${request ? traceparentOf(request) : newTrace()}`,
    'connection: close',
    ...Object.entries(forBrowsers).map(([name, value]) => `${name}: ${value}`),
  ];
  // The answer to a HEAD has no body, even for an error.
  return `${head.join('\r\n')}\r\n\r\n${(request?.method ?? packet.slice(0, 4)) === 'HEAD' ? '' : body}`;
}

/** The path, percent-encoded; an unreadable path becomes the root. */
function pathOf(target: string): string {
  const path = target.split('?')[0]!;
  const encoded = encodedAddress(path) ?? '/';
  return encoded.replace(new RegExp(NOT_IN_ADDRESS, 'g'), encodeURIComponent);
}
