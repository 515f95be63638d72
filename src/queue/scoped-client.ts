import pg from 'pg';
import { QUEUE_SCHEMA } from '../database/queue-schema.js';
import { SessionClient } from '../database/session-client.js';

/** What node-postgres calls on its queries (pg 8.23). */
interface Wire {
  parse: (message: { text: string }) => void;
  bind: (message: object) => void;
  execute: (message: object) => void;
}
interface Asked extends pg.Submittable {
  callback?: (error: Error | null, result?: unknown) => void;
  prepare(connection: Wire): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: unknown): void;
}
const Query = pg.Query as unknown as new (text: string, values?: unknown[], callback?: unknown) => Asked;

const SCOPE = `SELECT set_config('search_path', '${QUEUE_SCHEMA}', true)`;

/**
 * A statement with the schema that its names mean. Both travel together: between two `Sync` of the protocol PostgreSQL
 * has one transaction, so the setting counts for this statement and ends with it.
 */
class ScopedQuery extends Query {
  /** The answer to the setting, which comes first, is over. */
  private isScoped = false;

  requiresPreparation(): boolean {
    return true;
  }

  override prepare(connection: Wire): void {
    connection.parse({ text: SCOPE });
    connection.bind({});
    connection.execute({});
    super.prepare(connection);
  }

  override handleDataRow(message: unknown): void {
    if (this.isScoped) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: unknown): void {
    if (this.isScoped) super.handleCommandComplete(message, connection);
    this.isScoped = true;
  }
}

/**
 * For BullMQ behind a pooler that keeps no sessions: its statements name no schema, and there a session cannot. It asks
 * one statement at a time and needs nothing else of a session but LISTEN (`wakes.ts`).
 */
export class ScopedClient extends SessionClient {
  constructor(config: ConstructorParameters<typeof SessionClient>[0]) {
    super(config);
    const plain = this.query as (...statement: unknown[]) => unknown;
    this.query = ((...statement: unknown[]): unknown => {
      const [text, values, callback] = statement;
      if (typeof text !== 'string') return plain(...statement);
      if (typeof callback === 'function') return plain(new ScopedQuery(text, values as unknown[], callback));
      return new Promise((resolve, reject) => {
        const settle = (error: Error | null, result: unknown) => (error ? reject(error) : resolve(result));
        plain(new ScopedQuery(text, values as unknown[], settle));
      });
    }) as pg.Client['query'];
  }
}
