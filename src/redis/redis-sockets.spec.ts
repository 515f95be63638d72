import { Logger } from '@nestjs/common';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { bounded, openRedis, patient, type RedisClient } from './redis.js';

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

describe('the socket of a Redis that comes back', () => {
  const SILENT_MS = 1500;

  it('is not cut for the silence of the socket before, and leaves no timer at the end', async () => {
    const taken: Socket[] = [];
    const server = createServer((socket) => {
      taken.push(socket.on('error', () => undefined));
      const first = taken.length === 1;
      // The first connection dies in place of its first answer; the next one answers OK to each command.
      socket.on('data', (data) => {
        if (first) socket.destroy();
        else socket.write('+OK\r\n'.repeat(data.toString().match(/^\*\d+\r$/gm)?.length ?? 0));
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = openRedis({ kind: 'url', url }, { ...patient, socketTimeout: SILENT_MS });
    try {
      for (const deadline = Date.now() + 1.5 * SILENT_MS; Date.now() < deadline; await sleep(50))
        expect(await client.ping()).toBe('OK');
      expect(taken.length).toBe(2);
      void client.blpop('nothing', 0).catch(() => undefined);
      client.disconnect();
      await once(client, 'end');
      expect(client).toHaveProperty('socketTimeoutTimer', undefined);
      const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
      const before = timers();
      client.disconnect(); // again, as whoever stops does that knows nothing of others
      expect(timers()).toBe(before);
    } finally {
      client.disconnect();
      for (const socket of taken) socket.destroy();
      server.close();
    }
  });
});
