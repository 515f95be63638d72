import { Redis, SentinelConnector } from 'ioredis';
import type { Socket } from 'node:net';

interface Connector {
  connect: (...args: unknown[]) => Promise<Socket>;
}

let listening = false;

/**
 * The client listens to one error of each socket. With TLS there are two when a handshake fails while the connection is
 * being closed. An error without a listener ends the process (ioredis 5.11.1). So every socket gets a listener here.
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
