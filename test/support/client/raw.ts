import { connect } from 'node:net';
import type { Answer } from '../server/server.ts';

/**
 * Sends bytes as they are and reads the one answer, for what `fetch` would mend or refuse. A list is sent piece by
 * piece.
 */
export async function raw<Body = Record<string, unknown>>(
  url: string,
  request: string | Buffer | { pieces: Buffer[]; everyMs: number },
): Promise<Answer<Body>> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.setTimeout(20_000, () => socket.destroy(new Error('no answer within 20 s')));
  const { pieces, everyMs } =
    typeof request === 'string' || Buffer.isBuffer(request)
      ? { pieces: [Buffer.from(request as string)], everyMs: 0 }
      : request;
  const [first, ...rest] = pieces;
  socket.write(first!);
  const timer = setInterval(() => rest.length > 0 && socket.writable && socket.write(rest.shift()!), everyMs || 1000);
  try {
    return await answerOn<Body>(socket, first!.toString('latin1', 0, 5) === 'HEAD ');
  } finally {
    clearInterval(timer);
    socket.destroy();
  }
}

async function answerOn<Body>(socket: AsyncIterable<Buffer>, bodiless: boolean): Promise<Answer<Body>> {
  let received = '';
  for await (const chunk of socket) {
    received += chunk.toString('latin1');
    const [head = '', body] = received.split('\r\n\r\n');
    const length = bodiless ? 0 : Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    if (body === undefined || body.length < length) continue;
    return parsedAnswer(received);
  }
  throw new Error(`the connection ended after: ${received}`);
}

/** @param received head and body, each character a byte */
export function parsedAnswer<Body>(received: string): Answer<Body> {
  const end = received.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = received.slice(0, end).split('\r\n');
  const headers = new Headers(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)] as [string, string]),
  );
  const text = Buffer.from(received.slice(end + 4), 'latin1').toString();
  const json = text !== '' && /\bjson\b/.test(headers.get('content-type') ?? '');
  return { status: Number(statusLine.split(' ')[1]), headers, body: (json ? JSON.parse(text) : text) as Body };
}
