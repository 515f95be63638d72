import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Loops } from '../timing/loops.js';
import { settled } from '../timing/within.js';
import { Reads } from './pools.js';
import { BehindError, LOOK_EVERY_MS, Replica, type ReplicaState } from './replica.js';
import { isDatabaseUnavailable, isTransient, type Session } from './sql.js';

const LEAVE_WITHIN_MS = 100;
/** SQLSTATE query_canceled: it took too long. It would take as long elsewhere. */
const TOO_LONG = '57014';

/** What reads came to since the start of the process. */
export interface ReadCounts {
  replica: number;
  /** Because the replica was not to be asked, had failed or lacked something. */
  primary: number;
}

/**
 * For reads of films and people: by the replica of DATABASE_READ_URL where there is one that is fit, else by the
 * primary. Either way a read sees all that was committed before it came ({@link Replica}).
 */
@Injectable()
export class CatalogReads implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly counts: ReadCounts = { replica: 0, primary: 0 };
  private readonly replica: Replica | null;
  private readonly logger = new Logger('Replica');

  constructor(
    config: Config,
    private readonly reads: Reads,
    loops: Loops,
  ) {
    const { databaseUrl: primary, readUrl: replica, readPoolSize, servesHttp } = config;
    const isUsed = replica !== null && servesHttp;
    this.replica = isUsed
      ? new Replica({ primary: primary!, replica }, readPoolSize, loops.open('watch-replica', LOOK_EVERY_MS))
      : null;
  }

  onApplicationBootstrap(): void {
    this.replica?.start();
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.replica) await settled(LEAVE_WITHIN_MS, this.replica.close());
  }

  /** `null`: there is none. */
  get state(): ReplicaState | null {
    return this.replica?.report ?? null;
  }

  /** Runs `ask`, perhaps twice, in a read-only transaction. @throws TooManyQuestions when too many wait */
  async read<T>(ask: (db: Session) => Promise<T>): Promise<T> {
    if (this.replica?.report.isFit) {
      try {
        const answer = await this.replica.read(ask);
        this.counts.replica++;
        return answer;
      } catch (error) {
        if (!this.isOfReplica(error)) throw error;
      }
    }
    this.counts.primary++;
    return this.reads.read(ask);
  }

  private isOfReplica(error: unknown): boolean {
    // A read that stood in the way of replaying is cancelled; the next one may pass.
    if (error instanceof BehindError || isTransient(error)) return true;
    if ((error as { code?: string }).code === TOO_LONG || !isDatabaseUnavailable(error)) return false;
    this.logger.warn({ msg: 'a read failed on the replica; the primary answers', reason: (error as Error).message });
    this.replica!.doubt(error);
    return true;
  }
}
