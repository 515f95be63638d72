import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** A complete request without a body, alone in its packet: its address, and the end of its head. */
const WHOLE = /^((?:GET|HEAD) )(\/[\x21-\x7e\x80-\xff]*)( HTTP\/1\.[01]\r\n(?:[^\r\n]+\r\n)+)\r\n$/;
/** Headers that announce a body or another protocol. */
const MORE_TO_COME = /^(content-length|transfer-encoding|upgrade|expect)[ \t]*:/im;

/**
 * Corrects a request whose address contains letters beyond ASCII: curl sends what was typed. It percent-encodes these
 * letters and changes nothing else. The parser then reads the whole request as strictly as ever. The connection ends
 * with the answer, so that no second request can hide in it.
 * @returns `null` when that is not safe: no UTF-8, a body, or not all in one packet
 */
export function encodedRequest(packet: Buffer): Buffer | null {
  const [, method, address, rest] = WHOLE.exec(packet.toString('latin1')) ?? [];
  if (!address || !rest || MORE_TO_COME.test(rest)) return null;
  const encoded = encodedAddress(address);
  // If encoding changes nothing, the error is elsewhere and would occur again.
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

/** Makes the server answer `request` on the connection it came from, where the server's own parser has given up. */
export function answerInstead(server: Server, socket: Socket, request: Buffer): void {
  const connection = new OneRequest(socket, request);
  socket.once('close', () => connection.destroy());
  server.emit('connection', connection);
}

/** A connection that brings one request; the answer goes out by the real connection. */
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

  /** The server reads nothing more from the client, so it would never see the client's end. */
  override _final(done: () => void): void {
    this.socket.destroySoon();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.socket.destroySoon();
    done(error);
  }
}
