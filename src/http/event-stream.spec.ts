import { jest } from '@jest/globals';
import type { FastifyReply } from 'fastify';
import { EventEmitter } from 'node:events';
import { EventStream } from './event-stream.js';

/** A connection whose reader takes everything, or nothing. */
class Connection extends EventEmitter {
  written = '';
  writableLength = 0;
  destroyed = false;
  writableEnded = false;
  reads = true;
  writeHead = jest.fn();

  write(text: string): void {
    this.written += text;
    if (!this.reads) this.writableLength += text.length;
  }

  end(): void {
    this.writableEnded = true;
    this.emit('close');
  }

  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

describe('an event stream', () => {
  let connection: Connection;
  let stream: EventStream;

  beforeEach(() => {
    jest.useFakeTimers();
    connection = new Connection();
    const reply = { raw: connection, hijack: () => undefined, getHeaders: () => ({ 'x-request-id': 'r-1' }) };
    stream = new EventStream(reply as unknown as FastifyReply);
    connection.written = '';
  });

  afterEach(() => jest.useRealTimers());

  it('keeps the headers that the framework has set', () => {
    const head = expect.objectContaining({ 'x-request-id': 'r-1', 'content-type': 'text/event-stream' });
    expect(connection.writeHead).toHaveBeenCalledWith(200, head);
  });

  it('writes a comment every 15 s, and none after its end', () => {
    jest.advanceTimersByTime(45_000);
    expect(connection.written).toBe(': still here\n\n'.repeat(3));
    stream.end();
    jest.advanceTimersByTime(60_000);
    expect(connection.written).toBe(': still here\n\n'.repeat(3));
    expect(jest.getTimerCount()).toBe(0);
  });

  it('lets go of a reader that leaves too much unread', () => {
    connection.reads = false;
    const data = 'x'.repeat(1000);
    let sent = 0;
    while (!stream.closed.aborted && sent < 1000) stream.send({ id: ++sent, event: 'status', data });
    expect(connection.destroyed).toBe(true);
    expect(connection.written.length).toBeLessThan(70_000);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('lets go of a dead reader, within two comments', () => {
    connection.reads = false;
    stream.send({ id: 1, event: 'status', data: '{}' });
    jest.advanceTimersByTime(15_000);
    expect(connection.destroyed).toBe(false);
    jest.advanceTimersByTime(15_000);
    expect([connection.destroyed, stream.closed.aborted]).toEqual([true, true]);
  });

  it('keeps a slow reader that has read everything in between', () => {
    connection.reads = false;
    jest.advanceTimersByTime(15_000);
    connection.writableLength = 0;
    jest.advanceTimersByTime(15_000);
    connection.writableLength = 0;
    jest.advanceTimersByTime(15_000);
    expect(connection.destroyed).toBe(false);
  });

  it('writes nothing to a client that has gone', () => {
    connection.destroy();
    stream.send({ id: 1, event: 'status', data: '{}' });
    stream.end();
    expect([connection.written, stream.closed.aborted, jest.getTimerCount()]).toEqual(['', true, 0]);
  });
});
