import { Agent, request } from 'node:http';
import type { Answer } from '../support/server/server.ts';
import type { Drawn, Value } from './requests.ts';

/** A request that is not answered by then hangs, milliseconds. `Prefer: wait` may hold an answer for 30 s. */
const PATIENCE_MS = 40_000;
/** An event stream is read for so long, then left, as clients do, milliseconds. */
const STREAM_MS = 1500;
/** Of each kind of value that answers tell, so many are remembered. */
const REMEMBERED = 200;

export interface Sent {
  method: string;
  address: string;
  headers: Record<string, string>;
  body?: Buffer;
}

/** Ids, slugs, cursors and ETags that the server told of, by the first part of the address they belong to. */
class Known {
  private readonly values = new Map<string, string[]>();

  add(kind: string, value: string): void {
    const known = this.values.get(kind) ?? [];
    if (known.includes(value)) return;
    if (known.push(value) > REMEMBERED) known.shift();
    this.values.set(kind, known);
  }

  nth(kind: string, nth: number): string | undefined {
    const known = this.values.get(kind);
    return known?.[nth % known.length];
  }

  /** Every link in an answer tells the id or slug of something; every cursor goes on somewhere. */
  learn({ headers, body }: Answer<unknown>, depth = 0): void {
    const location = headers.get('location');
    if (location) this.link(location);
    const etag = headers.get('etag');
    if (etag) this.add('etag', etag);
    this.walk(body, '', depth);
  }

  private walk(value: unknown, name: string, depth: number): void {
    if (typeof value === 'string') {
      if (value.startsWith('/')) this.link(value);
      else if (name.endsWith('cursor')) this.add('cursor', value);
      else if (name === 'uuid') this.add('/admin/failed-jobs/', value);
      else if (name === 'batch_id') this.add('/batches/', value);
      else if (name === 'name' && depth === 3) this.add('/admin/queues/', value);
    } else if (typeof value === 'object' && value !== null && depth < 4) {
      for (const [key, part] of Object.entries(value).slice(0, 100)) this.walk(part, key, depth + 1);
    }
  }

  private link(link: string): void {
    const [, folder, value] = /^(\/(?:admin\/)?[\w-]+\/)([^/?]+)/.exec(link) ?? [];
    if (folder && value) this.add(folder, value);
  }
}

/** Turns what was drawn into requests, sends them, and remembers what the answers tell. */
export class Sender {
  readonly known = new Known();
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });
  private readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  close(): void {
    this.agent.destroy();
  }

  concrete({ operation, method = operation.method, path, query, headers, etag, body }: Drawn): Sent {
    const [folder = ''] = operation.path.split('{');
    const value = (one: Value, kind: string) =>
      'raw' in one ? one.raw : encodeURIComponent(this.known.nth(kind, one.known) ?? 'unknown');
    const filled = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => value(path[name]!, folder));
    const pairs = query.map(({ name, value: one }) => `${name}=${value(one, name)}`);
    const tag = etag === undefined ? undefined : this.known.nth('etag', etag);
    return {
      method,
      address: pairs.length > 0 ? `${filled}?${pairs.join('&')}` : filled,
      headers: { ...headers, ...(tag && { 'if-none-match': tag }) },
      ...(body && { body: 'text' in body ? Buffer.from(body.text) : Buffer.from(body.base64, 'base64') }),
    };
  }

  /** @throws Error when there is no answer, or none in time */
  async send({ method, address, headers, body }: Sent): Promise<Answer<unknown>> {
    const { hostname, port } = new URL(this.url);
    const length: Record<string, string> = body ? { 'content-length': String(body.length) } : {};
    const options = { hostname, port, path: address, method, headers: { ...headers, ...length }, agent: this.agent };
    return new Promise((answered, failed) => {
      const asked = request(options);
      const timer = setTimeout(() => asked.destroy(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS);
      asked.once('error', (error) => failed(error)).once('close', () => clearTimeout(timer));
      asked.once('response', (response) => {
        const names = Object.entries(response.headers).map(
          ([name, value]) => [name, String(value)] as [string, string],
        );
        const chunks: Buffer[] = [];
        const end = () => {
          clearTimeout(stream);
          const answer = {
            status: response.statusCode!,
            headers: new Headers(names),
            body: Buffer.concat(chunks).toString(),
          };
          answered(parsed(answer));
        };
        const isStream = response.headers['content-type']?.startsWith('text/event-stream');
        const stream = setTimeout(
          () => {
            end();
            asked.destroy();
          },
          isStream ? STREAM_MS : PATIENCE_MS,
        );
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).once('end', end);
        response.once('error', (error) => (clearTimeout(stream), failed(error)));
      });
      asked.end(body);
    });
  }
}

function parsed(answer: Answer<string>): Answer<unknown> {
  const isJson = /[/+]json\b/.test(answer.headers.get('content-type') ?? '') && answer.body !== '';
  return isJson ? { ...answer, body: JSON.parse(answer.body) as unknown } : answer;
}

const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The request as a line for a shell. */
export function curlOf(url: string, { method, address, headers, body }: Sent): string {
  const plain = body && /^[\x20-\x7e]*$/.test(body.toString('latin1'));
  const parts = [
    `curl -i -g --path-as-is -X ${method} ${quoted(url + address)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body ? [plain ? `--data-binary ${quoted(body.toString())}` : '--data-binary @-'] : []),
  ];
  return `${body && !plain ? `echo ${body.toString('base64')} | base64 -d | ` : ''}${parts.join(' ')}`;
}
