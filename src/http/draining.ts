import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Socket } from 'node:net';

/** How long after the signal requests may still be answered, and the least time for them, milliseconds. */
const ANSWERED_WITHIN_MS = 1400;
const LAST_ANSWERS_MS = 200;

/**
 * Keeps the stop from waiting for connections on which nothing more will come. The server itself closes only those that
 * are idle at that moment.
 * - After the signal, every answer is the last one on its connection. An answer that leaves while the server closes
 *   would otherwise keep its connection for KEEP_ALIVE_SECONDS. Held polls are such answers.
 * - Open requests are answered, unless that takes longer than a stop may: then what they wait for does not answer.
 * - A connection that has never sent anything is closed: browsers open some in advance. The server would wait for it as
 *   for a slow request.
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
    fastify.addHook('preClose', async () => {
      for (const socket of this.sockets) if (socket.bytesRead === 0) socket.destroy();
      const left = (this.begunAt ?? performance.now()) + ANSWERED_WITHIN_MS - performance.now();
      setTimeout(() => this.cut(), Math.max(left, LAST_ANSWERS_MS)).unref();
    });
  }

  /** Called for each answer: after the signal it is the last one on its connection. */
  closeAfter(reply: FastifyReply): void {
    if (this.begunAt !== null) void reply.header('connection', 'close');
  }

  private cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}
