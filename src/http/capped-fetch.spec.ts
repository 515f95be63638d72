import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { AnswerTooLong, cappedFetch } from './capped-fetch.js';

const LIMIT = 1024 * 1024;

describe('an answer that is read up to a limit', () => {
  let server: Server;
  let url: string;
  let closed: Promise<void>;

  beforeAll(async () => {
    server = createServer(({ url: path }, response) => {
      closed = new Promise((done) => response.once('close', done));
      const packed = path === '/packed';
      response.writeHead(path === '/empty' ? 204 : 418, {
        'x-kind': 'tea',
        ...(packed && { 'content-encoding': 'gzip' }),
      });
      const body = Buffer.alloc(path === '/most' ? LIMIT : LIMIT + 1, 'x');
      if (path === '/endless') response.write(body);
      else response.end(path === '/empty' ? undefined : packed ? gzipSync(body) : body);
    }).listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => new Promise((done) => server.close(done)));

  it('is the same as without one', async () => {
    const answer = await cappedFetch(LIMIT)(`${url}/most`);
    expect([answer.status, answer.headers.get('x-kind')]).toEqual([418, 'tea']);
    expect(await answer.text()).toHaveLength(LIMIT);
    expect((await cappedFetch(LIMIT)(`${url}/empty`)).status).toBe(204);
  });

  it.each([['/more'], ['/packed'], ['/endless']])(
    'ends with an error when there is more, and so does the connection: %s',
    async (path) => {
      const answer = await cappedFetch(LIMIT)(url + path);
      await expect(answer.text()).rejects.toThrow(AnswerTooLong);
      await closed;
    },
  );
});
