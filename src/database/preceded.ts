import pg from 'pg';

/** What node-postgres calls on its queries (pg 8.23). */
interface Wire {
  parse: (message: { text: string }) => void;
  bind: (message: object) => void;
  execute: (message: object) => void;
}
interface Asked extends pg.Submittable {
  prepare(connection: Wire): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: unknown): void;
}
type Tell = (error: Error | null, result?: unknown) => void;
const Query = pg.Query as unknown as new (statement: string | pg.QueryConfig, values: unknown[], tell: Tell) => Asked;

/**
 * A statement with another one before it, whose answer nobody wants. Both travel together: up to a `Sync` of the
 * protocol PostgreSQL does all or nothing, so where the first one fails the other does too.
 */
export class PrecededQuery extends Query {
  /** The answer to the first one is over. */
  private isPast = false;

  constructor(
    private readonly first: string,
    statement: string | pg.QueryConfig,
    values: unknown[],
    tell: Tell,
  ) {
    super(statement, values, tell);
  }

  /** With a simple query they would be two texts in one. */
  requiresPreparation(): boolean {
    return true;
  }

  override prepare(connection: Wire): void {
    connection.parse({ text: this.first });
    connection.bind({});
    connection.execute({});
    super.prepare(connection);
  }

  override handleDataRow(message: unknown): void {
    if (this.isPast) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: unknown): void {
    if (this.isPast) super.handleCommandComplete(message, connection);
    this.isPast = true;
  }
}

/** @returns the answer to `statement` */
export const askPreceded = (
  ask: (query: pg.Submittable) => unknown,
  first: string,
  statement: string | pg.QueryConfig,
  values: unknown[],
): Promise<unknown> =>
  new Promise((resolve, reject) => {
    ask(new PrecededQuery(first, statement, values, (error, result) => (error ? reject(error) : resolve(result))));
  });
