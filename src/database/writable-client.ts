import pg from 'pg';

/** Read-only: a standby, or a database whose operator (or whose full disk) made it so. */
const READ_ONLY = '25006';
/** Transaction status of the wire protocol: none is open. */
const IDLE = 'I';

/**
 * A connection that ends itself when it turns out to be read-only. Whether a session may write is settled when it
 * begins: one that was opened meanwhile, or to a primary that became a standby, would refuse for as long as it lives,
 * long after the database takes writes again. Its pool opens another in its place.
 */
export class WritableClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    // Who uses the connection learns of its end by the statement. Between two users nobody listens, and an `error`
    // nobody listens to would end the process.
    this.on('error', () => undefined);
    const { connection } = this as unknown as { connection: NodeJS.EventEmitter };
    let stale = false;
    connection.on('errorMessage', ({ code }: { code?: string }) => (stale ||= code === READ_ONLY));
    // Not before its transaction is rolled back, and before its pool gives it to anybody else.
    connection.on('readyForQuery', ({ status }: { status: string }) => {
      if (stale && status === IDLE) queueMicrotask(() => void this.end().catch(() => undefined));
    });
  }
}
