import type pg from 'pg';
import { askPreceded, PrecededQuery } from '../database/preceded.js';
import { QUEUE_SCHEMA } from '../database/queue-schema.js';
import { SessionClient } from '../database/session-client.js';

/** The schema that the names of a statement mean. It counts for the statement that it precedes, and ends with it. */
const SCOPE = `SELECT set_config('search_path', '${QUEUE_SCHEMA}', true)`;

type Tell = ConstructorParameters<typeof PrecededQuery>[3];

/**
 * For BullMQ behind a pooler that keeps no sessions: its statements name no schema, and there a session cannot. It asks
 * one statement at a time and needs nothing else of a session but LISTEN (`wakes.ts`).
 */
export class ScopedClient extends SessionClient {
  constructor(config: ConstructorParameters<typeof SessionClient>[0]) {
    super(config);
    const plain = this.query as (...statement: unknown[]) => unknown;
    this.query = ((...statement: unknown[]): unknown => {
      const [text, values = [], callback] = statement as [unknown, unknown[]?, unknown?];
      if (typeof text !== 'string') return plain(...statement);
      if (typeof callback === 'function') return plain(new PrecededQuery(SCOPE, text, values, callback as Tell));
      return askPreceded(plain, SCOPE, text, values);
    }) as pg.Client['query'];
  }
}
