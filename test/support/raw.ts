import { connect } from 'node:net';
import type { Problem } from '../../src/http/problem.js';
import type { Answer, TestServer } from './server.js';

/** Sends bytes as they are and reads the one answer, for what `fetch` would mend or refuse. */
export async function raw(server: TestServer, request: string): Promise<Answer<Problem>> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.setTimeout(10_000, () => socket.destroy(new Error('no answer within 10 s')));
  socket.setEncoding('utf8').write(request);
  let received = '';
  for await (const chunk of socket) {
    received += String(chunk);
    const [head = '', body] = received.split('\r\n\r\n');
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1]);
    if (body === undefined || Buffer.byteLength(body) < length) continue;
    const [statusLine = '', ...lines] = head.split('\r\n');
    const headers = new Headers();
    for (const line of lines) headers.append(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2));
    return { status: Number(statusLine.split(' ')[1]), headers, body: JSON.parse(body) as Problem };
  }
  throw new Error(`the connection ended after: ${received}`);
}
