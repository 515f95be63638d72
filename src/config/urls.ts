import { makeExactValidator } from 'envalid';
import { readFileSync } from 'node:fs';
import { ConfigError } from './environment.js';

const takes = (protocols: string[]) => `takes a URL ${protocols.map((protocol) => `${protocol}://…`).join(' or ')}`;

/** A URL with one of the protocols. An error never repeats the URL, because it may contain a password. */
export const urlOf = (...protocols: string[]) => makeExactValidator((text) => checked(text, protocols, text));

/**
 * The same for PostgreSQL. A folder with a socket may replace the host:
 * `postgres://user:password@/database?host=/folder`. The driver reads `require` and the like as `verify-full`, and
 * warns in six lines that this may change. We mean `verify-full`.
 */
export const postgresUrl = makeExactValidator((text) => {
  // Only this URL has a user without a host, so a host is added before it is parsed.
  const readable = text.replace('@/', '@localhost/');
  checked(text, ['postgres', 'postgresql'], readable);
  const { searchParams } = new URL(readable);
  checkTls(searchParams);
  if (searchParams.has('uselibpqcompat')) return text;
  return text.replace(/([?&]sslmode=)(prefer|require|verify-ca)(?=[&#]|$)/, '$1verify-full');
});

/**
 * The URL of PostgreSQL with a password that is given apart from it, percent-encoded. One in the URL stays.
 * @throws ConfigError when the URL names no user
 */
export function withPassword(url: string, password: string | undefined, setting = 'DATABASE_URL'): string {
  if (password === undefined || hasPassword(url)) return url;
  if (!USER_ALONE.test(url))
    throw new ConfigError(`DATABASE_PASSWORD needs a user in ${setting}: postgres://user@host/database`);
  return url.replace(USER_ALONE, `$1:${encodeURIComponent(password)}@`);
}

const USER_ALONE = /^(\w+:\/\/[^:@/]+):?@/;
/** Whether a URL carries a password. */
export const hasPassword = (url: string) => /^\w+:\/\/[^:@/]*:[^@/]+@/.test(url);

const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];

function checkTls(parameters: URLSearchParams): void {
  const mode = parameters.get('sslmode');
  if (mode !== null && !SSL_MODES.includes(mode)) throw new Error(`takes an sslmode of ${SSL_MODES.join(', ')}`);
  for (const name of ['sslcert', 'sslkey', 'sslrootcert']) {
    const file = parameters.get(name);
    if (file !== null && !isReadable(file)) throw new Error(`names a file as ${name} that cannot be read`);
  }
}

function isReadable(file: string): boolean {
  try {
    readFileSync(file);
    return true;
  } catch {
    return false;
  }
}

/** The same for a server that `fetch` asks. `fetch` refuses a URL with a user in it. */
export const webUrl = makeExactValidator((text) => {
  const { username, password } = new URL(checked(text, ['http', 'https'], text));
  if (username || password) throw new Error('takes a URL without user and password');
  return text;
});

const ORIGIN = 'takes exact origins, comma separated: https://films.example,http://localhost:5173';

/** Sites as browsers name them in Origin: scheme, host, and a port that is not the usual one. */
export const originList = makeExactValidator<string[]>((text) =>
  text.split(',').map((item) => {
    const site = item.trim();
    if (site.includes('*')) throw new Error(`${ORIGIN}; it takes no * in place of a name`);
    // Browsers send no path, so none could be compared.
    if (!/^https?:\/\/[^/?#@\\\s]+$/i.test(site) || !URL.canParse(site)) throw new Error(`${ORIGIN}, without a path`);
    return new URL(site).origin;
  }),
);

/** A key, which is sent in a header: no client could send one that a header cannot carry. */
export const headerText = makeExactValidator((text) => {
  if (!/^[\x21-\x7e]+$/.test(text))
    throw new Error('takes ASCII letters, digits and signs without blanks and line ends');
  return text;
});

function checked(text: string, protocols: string[], readable: string): string {
  if (!URL.canParse(readable)) throw new Error(`${takes(protocols)}, special characters of a password percent-encoded`);
  const { protocol, username, password, hostname, pathname } = new URL(readable);
  if (!protocols.includes(protocol.slice(0, -1))) throw new Error(takes(protocols));
  if (![username, password, hostname, pathname].every(decodes)) {
    throw new Error('has a % that begins no percent-code: write %25 for the sign itself');
  }
  return text;
}

function decodes(part: string): boolean {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}
