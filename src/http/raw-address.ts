import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** A whole request without a body, alone in its packet: where its address is, and where its head ends. */
const WHOLE = /^((?:GET|HEAD) )(\/[\x21-\x7e\x80-\xff]*)( HTTP\/1\.[01]\r\n(?:[^\r\n]+\r\n)+)\r\n$/;
/** What announces a body, or another protocol. */
const MORE_TO_COME = /^(content-length|transfer-encoding|upgrade|expect)[ \t]*:/im;

/**
 * The request as it should have been written, for one whose address has letters beyond ASCII as they are: curl sends
 * what was typed. Only the address changes, and in it only what a reader of percent-encoding reads the same. The
 * parser then reads all of it as strictly as ever, and the connection ends with the answer, so that nobody can hide a
 * second request in it.
 *
 * @returns `null` where that is not certain: it is no UTF-8, has a body, or did not come in one piece
 */
export function encodedRequest(packet: Buffer): Buffer | null {
  const [, method, address, rest] = WHOLE.exec(packet.toString('latin1')) ?? [];
  if (!address || !rest || MORE_TO_COME.test(rest)) return null;
  const encoded = encodedAddress(address);
  // Where nothing changes, something else is wrong, and would be again.
  return encoded === null || encoded === address
    ? null
    : Buffer.from(`${method}${encoded}${rest}connection: close\r\n\r\n`, 'latin1');
}

/** Percent-encodes bytes beyond ASCII; each character of the text is a byte. `null`: they are no UTF-8. */
export function encodedAddress(bytes: string): string | null {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(bytes, 'latin1'));
  } catch {
    return null;
  }
  return bytes.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Has the server answer `request` on the connection it should have come by; its parser there has given up. */
export function answerInstead(server: Server, socket: Socket, request: Buffer): void {
  const connection = new OneRequest(socket, request);
  socket.once('close', () => connection.destroy());
  server.emit('connection', connection);
}

/** A connection on which one request comes in; what is answered goes out by the real one. */
class OneRequest extends Duplex {
  constructor(
    private readonly socket: Socket,
    private request: Buffer | null,
  ) {
    super();
  }

  get remoteAddress(): string | undefined {
    return this.socket.remoteAddress;
  }

  override _read(): void {
    if (this.request) this.push(this.request);
    this.request = null; // no end: the client still waits
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.socket.write(chunk, done);
  }

  /** Nothing more is read from the client, so its own end would never be seen. */
  override _final(done: () => void): void {
    this.socket.destroySoon();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.socket.destroySoon();
    done(error);
  }
}
