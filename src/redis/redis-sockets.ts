import { Redis, SentinelConnector } from 'ioredis';
import type { Socket } from 'node:net';

interface Connector {
  stream?: Socket;
  connecting: boolean;
  connect: (...args: unknown[]) => Promise<Socket>;
  disconnect: () => void;
}

/** What the client has of its option `socketTimeout`. */
interface Timed {
  stream: Socket;
  socketTimeoutTimer?: NodeJS.Timeout;
  setSocketTimeout: () => void;
}

let mended = false;

/** Mends what the client does with its sockets (ioredis 5.11.1), those of its copies included. */
export function mendSockets(): void {
  if (mended) return;
  mended = true;
  listenToErrors();
  endTimers();
  leaveWhatIsClosed();
}

/**
 * The client listens to one error of each socket. With TLS there are two when a handshake fails while the connection is
 * being closed. An error without a listener ends the process. So every socket gets a listener here.
 */
function listenToErrors(): void {
  const { connector } = new Redis({ lazyConnect: true }) as unknown as { connector: Connector };
  for (const kind of [Object.getPrototypeOf(connector), SentinelConnector.prototype] as Connector[]) {
    const { connect } = kind;
    kind.connect = async function (this: Connector, ...args) {
      const socket = await connect.apply(this, args);
      return socket.on('error', () => undefined);
    };
  }
}

/**
 * The client's timer for a silent socket survives the socket. It then cuts the next one, though that is not silent.
 * It also keeps a process that has closed everything alive for as long. So it ends with its socket here.
 */
function endTimers(): void {
  const client = Redis.prototype as unknown as Timed;
  const { setSocketTimeout } = client;
  const watched = new WeakSet<Socket>();
  client.setSocketTimeout = function (this: Timed) {
    setSocketTimeout.call(this);
    const { stream } = this;
    if (watched.has(stream)) return;
    watched.add(stream);
    stream.once('close', () => {
      clearTimeout(this.socketTimeoutTimer);
      this.socketTimeoutTimer = undefined;
    });
  };
}

/** A socket that is closed needs no timer to end it, which would keep a process alive for two seconds. */
function leaveWhatIsClosed(): void {
  // What all kinds of connections share.
  const connector = Object.getPrototypeOf(SentinelConnector.prototype) as Connector;
  const { disconnect } = connector;
  connector.disconnect = function (this: Connector) {
    if (this.stream?.closed) this.connecting = false;
    else disconnect.call(this);
  };
}
