import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/config.js';
import { settled } from '../timing/within.js';
import { QuestionPool } from './question-pool.js';

/** How long closing waits after the last answer, milliseconds. Sessions still open then are left to PostgreSQL. */
const LEAVE_WITHIN_MS = 100;

/**
 * For reads of films, people and lists of jobs. A search of 100 000 films may take half a second of a core. A question
 * is refused only after a wait: clients that retry at once would otherwise keep the process busy with refusals.
 */
@Injectable()
export class Reads extends QuestionPool implements OnApplicationShutdown {
  constructor(config: Config) {
    super(config.databaseUrl!, { size: config.readPoolSize, waiting: 500, patienceMs: 5000, statementMs: 3000 });
  }

  async onApplicationShutdown(): Promise<void> {
    await settled(LEAVE_WITHIN_MS, this.close());
  }
}

/** Of the pool for health checks. */
export const HEALTH_CONNECTIONS = 2;

/** For health checks, which must get an answer when the other pools are full. */
@Injectable()
export class HealthReads extends QuestionPool implements OnApplicationShutdown {
  constructor(config: Config) {
    super(config.databaseUrl!, { size: HEALTH_CONNECTIONS, waiting: 20, patienceMs: 5000, statementMs: 5000 });
  }

  async onApplicationShutdown(): Promise<void> {
    await settled(LEAVE_WITHIN_MS, this.close());
  }
}
