import { Redis, SentinelConnector } from 'ioredis';
import type { Socket } from 'node:net';

interface Connector {
  connect: (...args: unknown[]) => Promise<Socket>;
}

let listening = false;

/**
 * The client listens to one error of each socket. TLS brings two where a handshake fails while the connection is
 * being closed, and an error that nobody listens to ends the process (ioredis 5.11.1). Here every socket has somebody
 * who does.
 */
export function listenToSockets(): void {
  if (listening) return;
  listening = true;
  const { connector } = new Redis({ lazyConnect: true }) as unknown as { connector: Connector };
  for (const kind of [Object.getPrototypeOf(connector), SentinelConnector.prototype] as Connector[]) {
    const { connect } = kind;
    kind.connect = async function (this: Connector, ...args) {
      const socket = await connect.apply(this, args);
      return socket.on('error', () => undefined);
    };
  }
}
