import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ROOT } from 'moviemind-command/node.js';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { prefixOf } from '../http/base-path.js';
import { isKnown, tagOf } from '../http/etag.js';
import { prefersHtml } from '../http/prefers-html.js';

/** What `npm run build` makes of `web/`. */
const FOLDER = join(ROOT, 'dist', 'web');
/** An installation may have no page: it answers programs as ever. */
const HTML = read('index.html');
const ICON = read('icon.svg');

const CONTENT_SECURITY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
].join('; ');
/** What the page never asks a browser for. It may write to the clipboard, at a click. */
const NEVER = ['accelerometer', 'camera', 'display-capture', 'geolocation', 'gyroscope', 'magnetometer', 'microphone'];
const PERMISSIONS = [...NEVER, 'midi', 'payment', 'publickey-credentials-get', 'screen-wake-lock', 'usb']
  .map((name) => `${name}=()`)
  .join(', ');
/** Its files have hashed names, so the page is all that a browser has to ask for again. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': CONTENT_SECURITY,
  'permissions-policy': PERMISSIONS,
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cache-control': 'no-cache',
};

/** Who writes the texts: the page says from its beginning when that is no model. */
type Service = Config['aiService'] | null;

/** Clients see a server below few paths; a stranger who invents more of them fills no memory. */
const MOST_PREFIXES = 20;
interface Page {
  html: string;
  etag: string;
}
const pages = new Map<string, Page>();

/**
 * Answers a browser that asks for `/` with the page; it holds no data.
 * @param service who writes the texts; `null`: this process does not know
 * @returns the HTML; empty: the browser has it already; `null`: a program asks, or there is no page
 */
export function pageFor(request: FastifyRequest, reply: FastifyReply, service: Service): string | null {
  if (HTML === null) return null;
  const vary = reply.getHeader('vary');
  void reply.header('vary', vary ? `${String(vary)}, Accept` : 'Accept');
  if (!prefersHtml(request.headers.accept)) return null;
  const { html, etag } = pageBelow(prefixOf(request), service);
  void reply.headers(HEADERS).header('etag', etag);
  if (!isKnown(request.headers['if-none-match'], etag)) return html;
  void reply.code(304).removeHeader('content-type');
  return '';
}

function pageBelow(prefix: string, service: Service): Page {
  const known = pages.get(`${prefix} ${service}`);
  if (known) return known;
  const base = prefix === '' ? '' : `<base href="${escaped(prefix)}/" />`;
  const meta = service === null ? '' : `<meta name="model-service" content="${service}" />`;
  const html = HTML!.replace('<head>', () => `<head>${base}${meta}`);
  const page = { html, etag: tagOf(html) };
  if (pages.size < MOST_PREFIXES) pages.set(`${prefix} ${service}`, page);
  return page;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string) => text.replace(/[&<>"']/g, (letter) => ENTITIES[letter]!);

/** Serves what the page loads. It is open to everybody: no guard applies. */
export async function servePageFiles(app: NestFastifyApplication): Promise<void> {
  if (HTML === null) return;
  const fastify = app.getHttpAdapter().getInstance();
  const assets = {
    root: join(FOLDER, 'assets'),
    prefix: '/assets/',
    decorateReply: false,
    index: false,
    redirect: false,
    preCompressed: true,
    immutable: true,
    maxAge: '1y',
  } as const;
  await fastify.register(fastifyStatic as never, assets as never);
  fastify.get('/icon.svg', (_, reply) => {
    void reply.type('image/svg+xml').header('cache-control', 'public, max-age=86400').send(ICON);
  });
}

function read(name: string): string | null {
  const file = join(FOLDER, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}
