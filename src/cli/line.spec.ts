import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Line } from './line.js';

describe('a request of a command', () => {
  let server: Server;
  let status = 500;
  let asked = 0;
  const problem = { title: 'x', detail: 'This is our fault and has been logged.', request_id: 'of-the-log' };

  beforeAll(async () => {
    server = createServer((_, response) => {
      asked++;
      response.writeHead(status, { 'content-type': 'application/problem+json', 'x-request-id': 'of-the-log' });
      response.end(JSON.stringify({ ...problem, status }));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  });

  afterAll(() => new Promise((closed) => server.close(closed)));

  const line = () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const one = new Line({ url, token: undefined, signal: AbortSignal.timeout(20_000) });
    return Object.assign(one, { notice: () => undefined });
  };

  it('that the server has an error with is asked again shortly, and named as its log names it', async () => {
    await expect(line().ask({ path: '/jobs' })).rejects.toThrow(/answers 500 .*; its log says more .* of-the-log$/);
    expect(asked).toBeGreaterThan(1);
    expect(asked).toBeLessThan(10);
  });

  it('to a server that is away for now is asked again as long as its patience lasts', async () => {
    status = 503;
    const patient = Object.assign(line(), { patienceMs: 1500 });
    await expect(patient.ask({ path: '/jobs' })).rejects.toThrow(/answers 503 .*; is the server running/);
  });
});
