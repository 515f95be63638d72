import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { parsedAnswer, raw } from '../client/raw.ts';
import type { Answer } from '../server/server.ts';

/** A request as a line for a shell sends it. */
export interface Line {
  method: string;
  /** After the host. */
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/** The lines of a block of Markdown's ```sh that call curl or http, without comments and continued lines joined. */
export const requestLines = (markdown: string) =>
  [...markdown.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) =>
    block!
      .replace(/\\\n\s*/g, '')
      .split('\n')
      .filter((line) => /^(curl|http) /.test(line)),
  );

/** Reads what such a line sends. @throws Error for an option it does not know, so that no line is passed over */
export function readLine(line: string, variables: Record<string, string>): Line {
  const [program, ...words] = wordsOf(line, variables);
  return program === 'curl' ? readCurl(words) : readHttpie(words);
}

/** Words as a shell makes them of quotes, variables and comments. */
function wordsOf(line: string, variables: Record<string, string>): string[] {
  const expanded = (text: string) => text.replace(/\$(\w+)/g, (_, name: string) => variables[name] ?? '');
  const words: string[] = [];
  for (const [word] of line.matchAll(/(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+/g)) {
    if (word.startsWith('#')) break;
    words.push(
      word.replace(
        /'([^']*)'|"([^"]*)"|\\(.)|([^'"\\]+)/g,
        (_, single?: string, double?: string, escaped?: string, bare?: string) =>
          single ?? escaped ?? expanded(double ?? bare ?? ''),
      ),
    );
  }
  return words;
}

function readCurl(words: string[]): Line {
  const line: Line = { method: 'GET', path: '', headers: {} };
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '-X') line.method = words.shift()!;
    else if (word === '-H') {
      const [, name, value] = /^([\w-]+): ?(.*)$/s.exec(words.shift()!)!;
      line.headers[name!] = value!;
    } else if (word === '-d') line.body = words.shift()!;
    else if (word.startsWith('localhost:3000/')) line.path = word.slice('localhost:3000'.length);
    else if (!['-N', '-i', '-s'].includes(word)) throw new Error(`an unknown part of a curl line: ${word}`);
  }
  return line;
}

function readHttpie(words: string[]): Line {
  const rest = words.filter((word) => word !== '--stream');
  const given = /^[A-Z]+$/.test(rest[0] ?? '') ? rest.shift() : undefined;
  const address = rest.shift()?.replace(/^(?=:3000\/)/, 'localhost'); // as HTTPie abbreviates it
  if (!address?.startsWith('localhost:3000/')) throw new Error(`no address in an HTTPie line: ${words.join(' ')}`);
  const headers: Record<string, string> = {};
  const query: [string, string][] = [];
  const fields: Record<string, unknown> = {};
  for (const item of rest) {
    const [, name, sign, value] = /^([\w-]+)(==|:=|=|:)([\s\S]*)$/.exec(item) ?? [];
    if (!name) throw new Error(`an unknown part of an HTTPie line: ${item}`);
    if (sign === ':') headers[name] = value!;
    else if (sign === '==') query.push([name, value!]);
    else fields[name] = sign === '=' ? value : (JSON.parse(value!) as unknown);
  }
  const body = Object.keys(fields).length > 0 ? JSON.stringify(fields) : undefined;
  if (body) headers['content-type'] = 'application/json';
  const path =
    address.slice('localhost:3000'.length) + (query.length > 0 ? `?${new URLSearchParams(query).toString()}` : '');
  return { method: given ?? (body ? 'POST' : 'GET'), path, headers, body };
}

/** Whether this machine has curl. Without it its lines are read as curl would, and sent as the same bytes. */
const HAS_CURL = spawnSync('curl', ['--version']).status === 0;

/**
 * What a line is answered by the server at `url`, which stands in for localhost:3000; the shell and curl are the real
 * ones.
 */
export async function answerTo(line: string, url: string, variables: Record<string, string>): Promise<Answer<unknown>> {
  if (line.startsWith('curl ') && HAS_CURL) return run(line, url, variables);
  const { method, path, headers, body = '' } = readLine(line, variables);
  const length = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const fields = Object.entries({ host: 'localhost:3000', connection: 'close', ...headers, ...length });
  const head = [`${method} ${path} HTTP/1.1`, ...fields.map(([name, value]) => `${name}: ${value}`)].join('\r\n');
  return raw(url, `${head}\r\n\r\n${body}`);
}

async function run(line: string, url: string, variables: Record<string, string>): Promise<Answer<unknown>> {
  const command = line.replace(/^curl /, 'curl -sS -i -m 30 ').replace('localhost:3000', new URL(url).host);
  const env = { ...process.env, ...variables, NO_PROXY: '*', no_proxy: '*' };
  const { stdout } = await promisify(execFile)('sh', ['-c', command], { env, encoding: 'buffer' });
  return parsedAnswer(stdout.toString('latin1'));
}
