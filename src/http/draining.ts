import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { Socket } from 'node:net';

/** How long after the signal requests in hand may be answered, and for how long at the least, milliseconds. */
const ANSWERED_WITHIN_MS = 1400;
const LAST_ANSWERS_MS = 200;

/**
 * Keeps the stop from waiting for connections on which nothing will come any more; the server itself ends only those
 * that are idle in the moment it closes:
 *
 * - from the moment the process is told to stop, every answer is the last one on its connection. Those that leave
 *   while the
 *   server closes, held polls above all, would leave it to its keep-alive of KEEP_ALIVE_SECONDS;
 * - requests in hand are answered, unless that takes longer than a stop may: what they wait for does not answer;
 * - a connection that has never sent anything (browsers open them in advance) would be waited for as for a slow
 *   request.
 */
@Injectable()
export class Draining implements OnModuleDestroy {
  /** When the process was told to stop. */
  private begunAt: number | null = null;
  private readonly sockets = new Set<Socket>();

  onModuleDestroy(): void {
    this.begunAt = performance.now();
  }

  watch(fastify: FastifyInstance): void {
    fastify.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    fastify.addHook('onSend', async (_, reply) => {
      if (this.begunAt !== null) void reply.header('connection', 'close');
    });
    fastify.addHook('preClose', async () => {
      for (const socket of this.sockets) if (socket.bytesRead === 0) socket.destroy();
      const left = (this.begunAt ?? performance.now()) + ANSWERED_WITHIN_MS - performance.now();
      setTimeout(() => this.cut(), Math.max(left, LAST_ANSWERS_MS)).unref();
    });
  }

  private cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}
