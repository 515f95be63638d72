import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { send, type SenderOptions } from './sender.js';

const NEVER = new AbortController().signal;

describe('the sender', () => {
  let server: Server;
  let port: number;
  let answer: RequestListener;
  let seen: IncomingMessage[];

  beforeEach(async () => {
    seen = [];
    answer = (_, response) => void response.writeHead(204).end();
    server = createServer((request, response) => {
      seen.push(request);
      answer(request, response);
    }).listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    port = (server.address() as AddressInfo).port;
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });

  const to = (url: string, more: Partial<SenderOptions> = {}, stop = NEVER) =>
    send(
      { url, headers: { 'webhook-id': 'id-1' }, body: '{}' },
      { resolve: async () => ['127.0.0.1'], allowPrivate: true, timeoutMs: 5000, ...more },
      stop,
    );
  const local = (path = '/') => `http://receiver.example:${port}${path}`;

  it('connects to the very address that was checked, under the name of the URL', async () => {
    expect(await to(local('/hook?a=1'))).toEqual({ status: 204, error: null });
    expect(seen[0]).toMatchObject({
      url: '/hook?a=1',
      method: 'POST',
      headers: { host: `receiver.example:${port}`, 'webhook-id': 'id-1', 'content-type': 'application/json' },
    });
  });

  it('asks for a name once, so that a second answer cannot lead elsewhere', async () => {
    const answers = [['127.0.0.1'], ['192.0.2.1']];
    let asked = 0;
    expect(await to(local(), { resolve: async () => answers[asked++]! })).toMatchObject({ status: 204 });
    expect(asked).toBe(1);
  });

  it.each([
    ['a private address', ['10.0.0.1']],
    ['this machine', ['127.0.0.1']],
    ['a metadata service', ['169.254.169.254']],
    ['a mixture of public and private addresses', ['8.8.8.8', '127.0.0.1']],
    ['the same the other way round', ['127.0.0.1', '8.8.8.8']],
    ['an IPv4-mapped address', ['::ffff:127.0.0.1']],
  ])('sends nothing where a name means %s', async (_, addresses) => {
    const outcome = await to(`https://receiver.example:${port}/`, {
      resolve: async () => addresses,
      allowPrivate: false,
    });
    expect(outcome).toEqual({ status: null, error: 'the name resolves to a private, local or reserved address' });
    expect(seen).toHaveLength(0);
  });

  it.each([
    'http://receiver.example/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::1]/',
    'https://localhost/',
  ])('sends nothing to %s, whatever was accepted before', async (url) => {
    let asked = 0;
    const resolve = async () => [String(asked++)];
    expect(await to(url, { allowPrivate: false, resolve })).toEqual({
      status: null,
      error: expect.stringContaining('the URL must'),
    });
    expect(asked).toBe(0);
  });

  it.each([
    ['has no address', async () => []],
    ['is refused by its name server', async () => Promise.reject(new Error('ESERVFAIL 10.1.1.1'))],
  ])('says that a name %s', async (_, resolve) => {
    expect(await to(local(), { resolve })).toEqual({ status: null, error: 'the name does not resolve' });
  });

  it('takes 2xx for success and anything else for failure', async () => {
    for (const status of [200, 201, 299, 300, 400, 404, 410, 500, 503]) {
      answer = (_, response) => void response.writeHead(status).end();
      expect(await to(local())).toEqual({ status, error: status < 300 ? null : `answered ${status}` });
    }
  });

  it('hears how long a receiver that is busy wants to be left alone, and no other', async () => {
    for (const status of [429, 503, 500, 204]) {
      answer = (_, response) => void response.writeHead(status, { 'retry-after': '120' }).end();
      const { retryAfterMs } = await to(local());
      expect([status, retryAfterMs]).toEqual([status, status === 429 || status === 503 ? 120_000 : undefined]);
    }
  });

  it('follows no redirect', async () => {
    for (const status of [301, 302, 303, 307, 308]) {
      answer = (_, response) => void response.writeHead(status, { location: local('/elsewhere') }).end();
      expect(await to(local())).toEqual({ status, error: `answered ${status}` });
    }
    expect(seen.map(({ url }) => url)).toEqual(['/', '/', '/', '/', '/']);
  });

  it('uses no proxy of the environment', async () => {
    const names = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
    for (const name of names) process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : 'http://127.0.0.1:1';
    try {
      expect(await to(local())).toMatchObject({ status: 204 });
    } finally {
      for (const name of names) delete process.env[name];
    }
  });

  it('gives up on an endpoint that does not answer, or whose name server does not', async () => {
    answer = () => undefined;
    const silent = { status: null, error: 'no answer within 200 ms' };
    expect(await to(local(), { timeoutMs: 200 })).toEqual(silent);
    expect(await to(local(), { timeoutMs: 200, resolve: () => new Promise(() => undefined) })).toEqual(silent);
  });

  it('takes the status of an answer that never ends, and reads little of one that is huge', async () => {
    let written = 0;
    answer = (_, response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) written += 65_536;
      };
      response.on('drain', more);
      more();
    };
    expect(await to(local())).toEqual({ status: 200, error: null });
    expect(written).toBeLessThan(20 * 1024 * 1024);
    answer = (_, response) => void response.writeHead(200).write('slowly');
    expect(await to(local(), { timeoutMs: 20_000 })).toEqual({ status: 200, error: null });
  });

  it('says by a code what went wrong, without an address', async () => {
    server.close();
    server.closeAllConnections();
    expect(await to(local())).toEqual({ status: null, error: 'no answer: ECONNREFUSED' });
  });

  it('throws when it is stopped, for then nothing is known', async () => {
    answer = () => undefined;
    const stop = new AbortController();
    const sent = to(local(), {}, stop.signal);
    setTimeout(() => stop.abort(new Error('shutdown')), 100);
    await expect(sent).rejects.toThrow('shutdown');
  });
});
