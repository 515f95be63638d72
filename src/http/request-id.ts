import type { IncomingMessage } from 'node:http';
import { v7 as uuidv7 } from 'uuid';
import { pooledBytes } from '../domain/random-bytes.js';

const VALID_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

/** The client's id if it is safe for a log, else a new one. */
export function requestIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && VALID_ID.test(given) ? given : uuidv7({ random: pooledBytes(16) });
}
