import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Config } from '../config/config.js';
import { QuestionPool } from './question-pool.js';

/**
 * For films, people, and lists of jobs. A search of 100 000 films may take half a second of a core. Who is refused has waited
 * first: else clients that ask again at once would keep the process busy with refusals.
 */
@Injectable()
export class Reads extends QuestionPool implements OnModuleDestroy {
  constructor(config: Config) {
    super(config.databaseUrl!, { size: config.readPoolSize, waiting: 500, patienceMs: 5000, statementMs: 3000 });
  }

  onModuleDestroy(): Promise<void> {
    return this.close();
  }
}

/** For those who ask whether all is well: they have to hear of it when it is not. */
@Injectable()
export class HealthReads extends QuestionPool implements OnModuleDestroy {
  constructor(config: Config) {
    super(config.databaseUrl!, { size: 2, waiting: 20, patienceMs: 3000, statementMs: 5000 });
  }

  onModuleDestroy(): Promise<void> {
    return this.close();
  }
}
