import { randomUUID } from 'node:crypto';
import { digestOf, newKeyText } from '../../../src/access/key-text.js';
import type { Scope } from '../../../src/access/scopes.js';
import type { TestServer } from '../server/server.js';

export interface TestKey {
  id: string;
  text: string;
  headers: { authorization: string };
}

export const bearer = (text: string) => ({ authorization: `Bearer ${text}` });

/** A key as the commands make it. */
export async function makeKey(server: TestServer, ...scopes: Scope[]): Promise<TestKey> {
  const [id, text] = [randomUUID(), newKeyText()];
  await server.rows('INSERT INTO api_keys (id, name, hash, scopes) VALUES ($1, $2, $3, $4)', [
    id,
    'test',
    digestOf(text),
    scopes,
  ]);
  return { id, text, headers: bearer(text) };
}
