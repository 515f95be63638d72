import { CliError } from './errors.js';

/**
 * The base URL of a server, without a slash at its end.
 * @param from the option or setting that named it, for the error
 * @throws CliError that never repeats a password
 */
export function serverUrl(text: string, from: string): string {
  const wrong = (why: string) => new CliError(`${from} ${why}`);
  if (!/^[a-z][a-z\d+.-]*:\/\//i.test(text)) {
    const hint = URL.canParse(`http://${text}`) && !text.includes('@') ? `: write http://${text}` : '';
    throw wrong(`takes a URL with http:// or https://${hint}`);
  }
  if (!URL.canParse(text)) throw wrong('is no URL: write http://host:port');
  const url = new URL(text);
  if (!['http:', 'https:'].includes(url.protocol))
    throw wrong(`takes a URL http://… or https://…, not ${url.protocol}//`);
  if (url.username || url.password)
    throw wrong('takes no user and password: leave them out, and pass a key by --token');
  if (url.search || url.hash) throw wrong('takes the address of the server alone, without ? and #');
  return url.href.replace(/\/+$/, '');
}

/**
 * A link of an answer as a path below the server's URL. A link begins at the root of the host. So it includes the path
 * of a server below one (BASE_PATH), which the URL has already.
 */
export function pathBelow(server: string, link: string): string {
  const base = new URL(server).pathname.replace(/\/+$/, '');
  return base !== '' && link.startsWith(`${base}/`) ? link.slice(base.length) : link;
}

/** @param from the option or setting that named the key @throws CliError when no header can carry the key */
export function bearerKey(text: string, from: string): string {
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new CliError(`${from} is no key: a key has letters, digits, - and _ alone`);
}

/** Whether both URLs name this machine and the same port. */
export function isSameLocal(one: string, other: string): boolean {
  const [a, b] = [new URL(one), new URL(other)];
  const local = (host: string) => ['localhost', '127.0.0.1', '[::1]'].includes(host);
  return (
    a.protocol === b.protocol && a.port === b.port && (a.host === b.host || (local(a.hostname) && local(b.hostname)))
  );
}

const PROBE_MS = 2000;

/** Whether a MovieMind server answers at that URL. */
export async function isMovieMind(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(PROBE_MS), redirect: 'manual' });
    return response.ok && response.headers.has('x-request-id');
  } catch {
    return false;
  }
}
