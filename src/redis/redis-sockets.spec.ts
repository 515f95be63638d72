import { Logger } from '@nestjs/common';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { bounded, openRedis, type RedisClient } from './redis.js';

Logger.overrideLogger(false);

describe('the socket of a Redis that does not speak TLS', () => {
  it('may fail more than once, and ends nobody', async () => {
    const taken: Socket[] = [];
    const server = createServer((socket) => taken.push(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `rediss://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const copies: RedisClient[] = [openRedis({ kind: 'url', url }, bounded(100))];
    copies.push((copies[0] as { duplicate: () => RedisClient }).duplicate());
    await once(server, 'connection');
    try {
      for (const client of copies) {
        const { stream } = client as unknown as { stream: Socket };
        for (const text of ['one', 'two', 'three']) expect(stream.emit('error', new Error(text))).toBe(true);
      }
    } finally {
      for (const client of copies) client.disconnect();
      for (const socket of taken) socket.destroy();
      server.close();
    }
  });
});
