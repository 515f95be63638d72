import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { describeInBrowser } from '../support/browser/chromium.js';
import { openPage, WIDTHS } from '../support/browser/opened-page.js';
import { SELF_SIGNED } from '../support/machines/self-signed.js';
import { describeServer } from '../support/server/describe-server.js';
import { Program } from '../support/server/process.js';
import { cloneDatabase, eventually } from '../support/server/server.js';

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
const WEB = 'dist/web';
const files = readdirSync(WEB, { recursive: true, encoding: 'utf8' });
const MODEL = '<meta name="model-service" content="mock" />';
/** As it is served at the root. */
const HTML = readFileSync(join(WEB, 'index.html'), 'utf8').replace('<head>', `<head>${MODEL}`);
/** The files of the present build: those of former ones lie there for a day. */
const named = [...HTML.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, name]) => name!);
const SCRIPT = named.find((name) => name.endsWith('.js'))!;
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; " +
  "base-uri 'self'; form-action 'none'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'";

describeServer('the page', { TRUSTED_PROXIES: '127.0.0.1', BASE_PATH: '' }, ({ server }) => {
  const page = (headers: Record<string, string> = {}) => server.get<string>('/', { ...BROWSER, ...headers });

  it('is what a browser gets, while programs get JSON as ever', async () => {
    const { status, headers, body } = await page();
    expect([status, body]).toEqual([200, HTML]);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    for (const accept of ['*/*', 'application/json', 'application/json, text/plain, */*', '']) {
      const answer = await server.get('/', { accept });
      expect(answer.body).toMatchObject({ name: 'MovieMind', links: { docs: '/docs' } });
      expect([answer.headers.get('vary'), answer.headers.get('etag')]).toEqual(['Accept', null]);
    }
  });

  it('has strict headers of its own, which no other answer has', async () => {
    const { headers } = await page({ 'x-request-id': 'visitor-1' });
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-security-policy': POLICY,
      'referrer-policy': 'no-referrer',
      'permissions-policy': expect.stringContaining('camera=()'),
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cache-control': 'no-cache',
      vary: 'Accept',
      'x-request-id': 'visitor-1',
    });
    expect(headers.has('link')).toBe(false);
    expect((await server.get('/')).headers.get('content-security-policy')).not.toBe(POLICY);
  });

  it('is not sent again to a browser that has it, and HEAD is answered as GET', async () => {
    const { headers } = await page();
    const again = await page({ 'if-none-match': headers.get('etag')! });
    expect([again.status, again.body, again.headers.get('etag')]).toEqual([304, '', headers.get('etag')]);
    expect(again.headers.get('content-security-policy')).toBe(POLICY);
    expect((await page({ 'if-none-match': '"another"' })).status).toBe(200);
    const head = await server.send('HEAD', '/', BROWSER);
    expect([head.status, head.body, head.headers.get('content-length')]).toEqual([200, '', String(HTML.length)]);
  });

  it('has files that a browser keeps for a year, compressed when built', async () => {
    const { status, headers } = await server.get(`/${SCRIPT}`, { 'accept-encoding': 'br' });
    expect([status, headers.get('content-encoding')]).toEqual([200, 'br']);
    expect(headers.get('content-type')).toMatch(/^(text|application)\/javascript/);
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(brotliDecompressSync(readFileSync(join(WEB, `${SCRIPT}.br`)))).toEqual(readFileSync(join(WEB, SCRIPT)));
    expect((await server.get(`/${SCRIPT}`, { 'accept-encoding': 'gzip' })).headers.get('content-encoding')).toBe(
      'gzip',
    );
    const plain = await server.get(`/${SCRIPT}`, { 'accept-encoding': 'identity' });
    expect([plain.headers.get('content-encoding'), plain.status]).toEqual([null, 200]);
    expect((await server.send('HEAD', `/${SCRIPT}`)).status).toBe(200);
    const icon = await server.get('/icon.svg');
    expect([icon.headers.get('content-type'), icon.headers.get('cache-control')]).toEqual([
      'image/svg+xml',
      'public, max-age=86400',
    ]);
  });

  it.each(['/assets/none.js', '/assets/', '/assets/../index.html', '/assets/%2e%2e/index.html', '/index.html'])(
    'has nothing at %s, which is said as of any address',
    async (path) => {
      const { status, headers } = await fetch(server.url + path);
      expect([status, headers.get('content-type')]).toEqual([
        404,
        expect.stringMatching(/^application\/problem\+json/),
      ]);
    },
  );

  it('is told below which path it is seen', async () => {
    const below = await page({ 'x-forwarded-prefix': '/films' });
    expect(below.body).toBe(HTML.replace('<head>', '<head><base href="/films/" />'));
    expect(below.headers.get('etag')).not.toBe((await page()).headers.get('etag'));
    expect((await page({ 'x-forwarded-prefix': '/"><script>' })).body).toBe(HTML);
  });

  it('is refused to a foreign host, as everything is', async () => {
    const status = await new Promise((done, failed) => {
      const asked = request(server.url, { headers: { ...BROWSER, host: 'evil.example' } }, (answer) => {
        answer.resume();
        done(answer.statusCode);
      });
      asked.on('error', failed).end();
    });
    expect(status).toBe(403);
  });

  describeInBrowser('in a browser', (started) => {
    let proxy: Server;
    let proxied: string;
    beforeAll(async () => {
      proxy = createServer(SELF_SIGNED, (from, to) => strip(server.url, from, to)).listen(0, 'localhost');
      await new Promise((listening) => proxy.once('listening', listening));
      proxied = `https://localhost:${(proxy.address() as AddressInfo).port}/films`;
    });
    afterAll(() => new Promise((closed) => proxy.close(closed)));

    it.each([
      ['at the root', () => `${server.url}/`],
      ['behind TLS and below a path', () => `${proxied}/`],
      ['behind TLS and below a path without its slash', () => proxied],
    ])('opens %s, asks no other host and breaks no rule of its own', async (_, url) => {
      const opened = await openPage(started.browser, url(), { ignoreHTTPSErrors: true });
      try {
        const { page } = opened;
        await page.getByRole('button', { name: 'Amélie' }).click();
        await page.getByRole('button', { name: 'Write it' }).click();
        await page.getByText('[Mock text, DEFAULT]').waitFor();
        for (const width of WIDTHS) {
          await opened.atWidth(width);
          await opened.screenshot(`start-${width}`);
        }
        await opened.quiet();
      } finally {
        await opened.close();
      }
    });

    it('is seen by the tests when it breaks them', async () => {
      const opened = await openPage(started.browser, `${server.url}/`);
      try {
        await opened.page.evaluate(`{
          const image = document.createElement('img');
          image.src = 'http://other.example/x.png';
          document.body.append(image);
          console.error('loud');
        }`);
        await eventually(async () => opened.reports.length > 0);
        await expect(opened.quiet()).rejects.toThrow(/loud[^]*img-src: http:\/\/other.example/);
        expect(await opened.axe()).toContainEqual(expect.stringMatching(/^image-alt: /));
      } finally {
        await opened.close();
      }
    });
  });
});

/** A proxy with TLS that serves /films from the root of a server. */
function strip(target: string, from: IncomingMessage, to: ServerResponse): void {
  const path = from.url!.replace(/^\/films/, '') || '/';
  const headers = { ...from.headers, 'x-forwarded-prefix': '/films', 'x-forwarded-proto': 'https' };
  const asked = request(target + path, { method: from.method, headers }, (answer) => {
    to.writeHead(answer.statusCode!, answer.headers);
    answer.pipe(to);
  });
  asked.on('error', () => to.destroy());
  from.pipe(asked);
}

describe('a worker', () => {
  it('serves no page', async () => {
    const database = await cloneDatabase();
    const worker = new Program({ DATABASE_URL: database.url, QUEUE_CONNECTION: 'database', ROLE: 'worker' });
    try {
      expect(await worker.ready()).toBe('none');
    } finally {
      await worker.end('SIGTERM');
      await database.drop();
    }
  });
});

/** Addresses that are names and are never asked for, or that only a click of the visitor opens. */
const NAMED = ['http://www.w3.org/'];
const MOST_BYTES = 100 * 1024;

describe('what is built', () => {
  const own = [...new Set([...named, ...files.filter((name) => name.startsWith('assets/'))])];
  const present = ['index.html', ...own].filter((name) => /\.(js|css|html)$/.test(name) && isNew(name));
  const textOf = (name: string) => readFileSync(join(WEB, name), 'utf8');

  it('is at most 100 kB in each language with all its views, as it is sent', () => {
    const sizes = present.map((name) => [name, sizeOf(name)] as const);
    const isWords = ([name]: readonly [string, number]) => /^assets\/(en|pl|de|fr|es)-/.test(name);
    const languages = sizes.filter(isWords);
    expect(languages).toHaveLength(5);
    const shared = sizes.filter((size) => !isWords(size)).reduce((all, [, size]) => all + size, 0);
    const heavy = languages.filter(([, size]) => shared + size > MOST_BYTES);
    expect({ heavy, sizes: heavy.length > 0 ? sizes : [] }).toEqual({ heavy: [], sizes: [] });
  });

  it('names no other host', () => {
    const addresses = present.flatMap((name) =>
      [...textOf(name).matchAll(/https?:\/\/[\w.-]*[^\s"'`\\)]*/g)].map(([address]) => `${name}: ${address}`),
    );
    expect(addresses.filter((one) => !NAMED.some((name) => one.includes(`: ${name}`)))).toEqual([]);
  });

  /** Small files are sent as they are. */
  function sizeOf(name: string): number {
    const compressed = join(WEB, `${name}.br`);
    return statSync(existsSync(compressed) ? compressed : join(WEB, name)).size;
  }

  /** The stamp of the build names its files. */
  function isNew(name: string): boolean {
    return readFileSync('dist/.fingerprint-page', 'utf8').split('\n').includes(name);
  }
});
