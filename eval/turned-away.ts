import type { GenerationFailure } from '../src/domain/failure.js';
import type { TroubleKind } from '../src/domain/trouble.js';

/** Troubles that a server finds before the model is asked. A filter or a slip may be that of an answer. */
const BEFORE: readonly TroubleKind[] = [
  'rate-limited',
  'loading',
  'key',
  'quota',
  'unknown-model',
  'capability',
  'request',
];
/** Statuses of a server that does not take the question. After other errors of its own it may have answered. */
const NOT_TAKEN = new Set([409, 425, 501, 503, 529]);
/** Signs that no connection was made. Sources: Node's errors, and those of its `fetch`. */
const NOT_CONNECTED =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_\w+|E(?:HOST|NET)(?:UNREACH|DOWN)|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_\w+|\w*CERT\w*)$/;
/** Errors behind an error that are looked at. */
const MOST_CAUSES = 8;

/** Whether the model was never asked, so that the call costs nothing for sure. */
export function isTurnedAway({ trouble, cause }: GenerationFailure): boolean {
  if (!trouble) return false;
  const { kind, status } = trouble;
  return BEFORE.includes(kind) || (status === null ? isUnconnected(cause) : kind === 'broken' && NOT_TAKEN.has(status));
}

function isUnconnected(error: unknown): boolean {
  for (let at = error, looked = 0; at instanceof Error && looked < MOST_CAUSES; at = at.cause, looked++)
    if ('code' in at && NOT_CONNECTED.test(String(at.code))) return true;
  return false;
}
