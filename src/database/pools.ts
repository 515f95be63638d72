import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/config.js';
import { settled } from '../timing/within.js';
import { QuestionPool } from './question-pool.js';

/** After the last answer. Sessions that do not end by then are left to PostgreSQL, milliseconds. */
const LEAVE_WITHIN_MS = 100;

/**
 * For films, people, and lists of jobs. A search of 100 000 films may take half a second of a core. Who is refused
 * has waited first: else clients that ask again at once would keep the process busy with refusals.
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

/** For those who ask whether all is well: they have to hear of it when it is not. */
@Injectable()
export class HealthReads extends QuestionPool implements OnApplicationShutdown {
  constructor(config: Config) {
    super(config.databaseUrl!, { size: 2, waiting: 20, patienceMs: 5000, statementMs: 5000 });
  }

  async onApplicationShutdown(): Promise<void> {
    await settled(LEAVE_WITHIN_MS, this.close());
  }
}
