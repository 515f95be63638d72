import type { Problem } from '../http/problem.js';
import type { Ask, Reply } from './asking.js';
import { CliError, Refused } from './errors.js';

interface Circumstances {
  url: string;
  ask: Ask;
  hasKey: boolean;
}

/**
 * The request is to be sent again. `asked`: the server said when. `trouble`: the server has an error, which may pass.
 */
interface Wait {
  wait: 'asked' | 'trouble';
  why: string;
  /** The request that the server has an error of its own with, as its log names it. */
  fault?: string;
}

/**
 * What an answer means for the command.
 * @throws Refused for what the server refuses, CliError for what ends the command
 */
export function verdictOn<T>(response: Response, text: string, about: Circumstances): Reply<T> | Wait {
  const { status, headers } = response;
  const { url, ask, hasKey } = about;
  if (status === 304) return { status, headers, body: undefined as T };
  if (status >= 300 && status < 400) {
    const target = headers.get('location');
    throw new CliError(`${url} sends on to ${target ?? 'elsewhere'}: pass the address it sends to as --url`);
  }
  const body = parsed<T & Problem>(text);
  const detail = body === null || typeof body.detail !== 'string' ? null : body.detail;
  if (status === 204 && headers.has('x-request-id')) return { status, headers, body: undefined as T };
  if (response.ok && body !== null && headers.has('x-request-id')) return { status, headers, body };
  if (status === 429) {
    if (isTooMuchAtOnce(headers, ask.items ?? 1) && body) throw new Refused(body);
    return { wait: 'asked', why: (detail ?? `${url} wants fewer requests`).replace(/\.$/, '') };
  }
  if (status === 409 && headers.has('retry-after'))
    return { wait: 'trouble', why: (detail ?? 'it is still being answered').replace(/\.$/, '') };
  if (status >= 500) {
    const why = `${url} answers ${status} (${detail ?? response.statusText})`;
    return { wait: 'trouble', why, ...(status === 500 && body?.request_id && { fault: body.request_id }) };
  }
  if (response.ok || detail === null) {
    throw new CliError(`${url} answers ${status}, but not as MovieMind does; is that its address?`);
  }
  if (status === 401 || status === 403) throw new CliError(keyMessage(status, about, detail, hasKey), undefined, body);
  throw new Refused(body!);
}

/** How long to wait before the next try, milliseconds: as the server says, else a second. */
export function retryAfter(headers: Headers): number {
  const value = headers.get('retry-after') ?? '';
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(seconds, 1) * 1000 : 1000;
}

/** Whether so many items never fit, however long the client waits. */
function isTooMuchAtOnce(headers: Headers, items: number): boolean {
  const quota = /^"unfinished";q=(\d+)/.exec(headers.get('ratelimit-policy') ?? '')?.[1];
  return quota !== undefined && items > 1 && items > Number(quota);
}

/** What a key needs, by the first part of the address; else it is `generate`. */
const SCOPES: Record<string, string> = { admin: 'admin', health: 'admin', export: 'read', import: 'edit' };

function keyMessage(status: number, { url, ask }: Circumstances, detail: string, hasKey: boolean): string {
  const [, folder = ''] = /^\/(\w+)/.exec(ask.path) ?? [];
  const scope = SCOPES[folder] ?? 'generate';
  const way =
    `make one where its database is (npx moviemind keys create --name me --scope ${scope}), ` +
    'pass it by --token or MOVIEMIND_TOKEN';
  if (status === 403) return `${url} does not let this key do that (${detail.replace(/\.$/, '')}): ${way}`;
  return `${url} ${hasKey ? 'does not know this key' : 'wants a key'}: ${way}`;
}

function parsed<T>(text: string): T | null {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' ? (value as T) : null;
  } catch {
    return null;
  }
}
