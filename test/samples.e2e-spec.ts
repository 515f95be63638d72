import { readFileSync } from 'node:fs';
import { TestServer } from './support/server.js';
import { readLine, requestLines } from './support/shell.js';

const KEY = 'a-long-enough-admin-token';
const VARIABLES = { ADMIN_TOKEN: KEY, MOVIEMIND_TOKEN: KEY, MOVIEMIND_KEY: KEY, KEY };
/** What an example may be answered: it may name what is not there, or not in the state it needs. */
const FINE = [200, 202, 204, 404, 409];
/** The key is left out where the text speaks of a server without keys. */
const withKey = (line: string) =>
  `${line.split(' #')[0]} ${line.startsWith('curl') ? '-H ' : ''}'authorization:Bearer ${KEY}'`;

describe('the lines for a shell', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await TestServer.start({ AUTH_REQUIRED: 'true', ADMIN_TOKEN: KEY });
  });

  afterAll(() => server.stop());

  async function send(line: string) {
    const { method, path, headers, body } = readLine(line, VARIABLES);
    const { status, body: answer } = await server.send(method, path, headers, body);
    return { line, method, path, headers, body, status, answer };
  }

  it('of every operation, for curl and for HTTPie, are taken, and both send the same', async () => {
    for (const operation of server.api.operations) {
      const lines = requestLines(operation.description ?? '');
      expect([operation.operationId, lines.length]).toEqual([operation.operationId, 2]);
      expect(operation['x-codeSamples']!.map(({ source }) => source)).toEqual(lines);
      const [curl, httpie] = [await send(lines[0]!), await send(lines[1]!)];
      expect(server.api.operationAt(curl.method, curl.path)?.operationId).toBe(operation.operationId);
      expect([curl.line, FINE.includes(curl.status), curl.status]).toEqual([curl.line, true, expect.any(Number)]);
      expect([httpie.method, httpie.path]).toEqual([curl.method, curl.path]);
      expect(JSON.parse(httpie.body ?? '{}')).toEqual(JSON.parse(curl.body ?? '{}'));
      expect([httpie.line, FINE.includes(httpie.status)]).toEqual([httpie.line, true]);
    }
  });

  it('of the README are taken', async () => {
    const lines = requestLines(readFileSync('README.md', 'utf8'));
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) {
      const sent = await send(line.includes('uthorization') ? line : withKey(line));
      expect([line, FINE.includes(sent.status), sent.status]).toEqual([line, true, expect.any(Number)]);
    }
  });
});
