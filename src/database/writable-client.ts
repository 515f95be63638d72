import pg from 'pg';

/** The database is read-only: a standby, or made so by its operator or by a full disk. */
const READ_ONLY = '25006';
/** Transaction status of the wire protocol: no transaction is open. */
export const IDLE = 'I';

/**
 * A connection that ends itself when it turns out to be read-only. Its pool opens another. A session keeps the mode it
 * began with, and its server may have become a standby since. A read-only session would refuse writes for as long as it
 * lives, long after the database takes writes again.
 */
export class WritableClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    // A user of the connection learns of its end by the statement. Between two users there is no listener, and an
    // `error` without a listener would end the process.
    this.on('error', () => undefined);
    const { connection } = this as unknown as { connection: NodeJS.EventEmitter };
    let stale = false;
    connection.on('errorMessage', ({ code }: { code?: string }) => (stale ||= code === READ_ONLY));
    // Ends only after its transaction is rolled back, and before its pool gives it to another user.
    connection.on('readyForQuery', ({ status }: { status: string }) => {
      if (stale && status === IDLE) queueMicrotask(() => void this.end().catch(() => undefined));
    });
  }
}
