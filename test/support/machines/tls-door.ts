import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { SELF_SIGNED } from './self-signed.js';

/** PostgreSQL's request for TLS: its length, and a code in place of the version. */
const WANTS_TLS = Buffer.from('0000000804d2162f', 'hex');

/** Before a PostgreSQL that speaks no TLS: one at `localhost` that does, with a certificate that nobody vouches for. */
export async function tlsDoor(target: string): Promise<{ url: string; close: () => void }> {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', (request: Buffer) => {
      if (!request.equals(WANTS_TLS)) {
        socket.destroy();
        return;
      }
      socket.write('S');
      const secured = new TLSSocket(socket, { isServer: true, ...SELF_SIGNED });
      const behind = connect(Number(port), hostname);
      for (const end of [secured, behind]) end.on('error', () => undefined);
      secured.pipe(behind).pipe(secured);
    });
  }).listen(0, 'localhost');
  await new Promise((listening) => server.once('listening', listening));
  const url = new URL(target);
  url.host = `localhost:${(server.address() as AddressInfo).port}`;
  const close = () => {
    server.close();
    for (const socket of open) socket.destroy();
  };
  return { url: url.href, close };
}
