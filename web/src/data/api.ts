import { computed, signal } from '@preact/signals';
import { ConnectionError, MovieMind, ProblemError } from '../../../clients/typescript/src/index.ts';
import { curlOf } from './curl.ts';
import { key } from './session.ts';

export * from '../../../clients/typescript/src/index.ts';

/** Where the server is: the folder of the page. */
export const BASE = new URL('.', document.baseURI).href.replace(/\/$/, '');

/** What the page asks by itself is repeated a little. A visitor is told at once why something was refused. */
const RETRIES = { page: 2, visitor: 0 };

/** `false`: the last request got no answer. */
export const reached = signal(true);
/** The command line that does what the visitor did last; empty: nothing yet. */
export const lastCurl = signal('');

const watched: typeof fetch = async (input, init) => {
  try {
    const response = await fetch(input, init);
    reached.value = !isGateway(response);
    return response;
  } catch (error) {
    if (!isAbort(error)) reached.value = false;
    throw error;
  }
};

const noted: typeof fetch = async (input, init) => {
  const request = new Request(input, init);
  void curlOf(request.clone()).then((line) => (lastCurl.value = line));
  return watched(request);
};

const connected = computed(() => make(watched, RETRIES.page));
const acting = computed(() => make(noted, RETRIES.visitor));

function make(send: typeof fetch, retries: number): MovieMind {
  return new MovieMind({ baseUrl: BASE, apiKey: key.value || undefined, retries, fetch: send });
}

/** For what the page asks by itself. */
export const api = () => connected.value;
/** For what the visitor does: the page shows the command line of it. */
export const acts = () => acting.value;

/** Options of every generated operation: `listMovies({ ...by(api()), query })`. */
export const by = ({ client }: MovieMind) => ({ client, throwOnError: true as const });

/** A proxy answers so while the server behind it is away. */
const isGateway = ({ status }: Response) => status === 502 || status === 504;
export const isAbort = (error: unknown) => error instanceof DOMException && error.name === 'AbortError';
export const isAway = (error: unknown): boolean =>
  error instanceof ConnectionError || (error instanceof ProblemError && error.status === 503);
