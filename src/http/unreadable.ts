import type { Socket } from 'node:net';
import { v7 as uuidv7 } from 'uuid';
import { documentOf, ProblemException } from './problem.js';
import { newTrace } from './trace.js';

/** By Node's code of the error; anything else is no HTTP. */
const KINDS: Record<string, [status: number, kind: string, detail: string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'timeout', 'The request did not arrive in time.'],
  HPE_HEADER_OVERFLOW: [431, 'headers-too-large', 'The address and the headers are larger than 16 KiB.'],
};

/** Answers what Node refuses before it is a request, so that this is a problem document like every other. */
export function answerUnreadable(error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket: Socket): void {
  const { code = '', rawPacket } = error;
  if (code !== 'ECONNRESET' && socket.writable) {
    const { head, body } = answerTo(code);
    // The answer to a HEAD has no body, however it fails.
    socket.write(rawPacket?.toString('latin1', 0, 5) === 'HEAD ' ? head : head + body);
  }
  socket.destroy(error);
}

function answerTo(code: string) {
  const [status, kind, detail] = KINDS[code] ?? [400, 'malformed', 'This is not an HTTP request.'];
  const request_id = uuidv7();
  const problem = documentOf(new ProblemException(status, kind, detail), '/', request_id);
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${status} ${problem.title}`,
    'content-type: application/problem+json',
    `content-length: ${body.length}`,
    `x-request-id: ${request_id}`,
    `traceparent: ${newTrace()}`,
    'connection: close',
  ];
  return { head: `${head.join('\r\n')}\r\n\r\n`, body };
}
