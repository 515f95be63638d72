import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { Socket } from 'node:net';

/**
 * Keeps the stop from waiting for connections on which nothing will come any more; the server itself ends only those that
 * are idle in the moment it closes:
 *
 * - from the moment the process is told to stop, every answer is the last one on its connection. Those that leave while the
 *   server closes, held polls above all, would leave it to its keep-alive of 72 s;
 * - a connection that has never sent anything (browsers open them in advance) would be waited for as for a slow request.
 */
@Injectable()
export class Draining implements OnModuleDestroy {
  private begun = false;
  private readonly sockets = new Set<Socket>();

  onModuleDestroy(): void {
    this.begun = true;
  }

  watch(fastify: FastifyInstance): void {
    fastify.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    fastify.addHook('onSend', async (_, reply) => {
      if (this.begun) void reply.header('connection', 'close');
    });
    fastify.addHook('preClose', async () => {
      for (const socket of this.sockets) if (socket.bytesRead === 0) socket.destroy();
    });
  }
}
