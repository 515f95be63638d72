import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Batched } from '../database/batched.js';
import { sql } from '../database/sql.js';
import type { Loop } from '../timing/loop.js';
import { Loops } from '../timing/loops.js';
import { settled } from '../timing/within.js';
import type { GenerationJob } from './generation-job.entity.js';
import { JobsService } from './jobs.service.js';

export const CHANNEL = 'job_changes';

export type Change = Pick<GenerationJob, 'id' | 'revision'>;

/** A notification may have 8000 bytes; a change takes about 45. */
const CHANGES_A_NOTICE = 150;
/** One notice after the other. */
const AT_ONCE = 1;
/** A change is told to others no later than this, announced or not, milliseconds. */
const PATIENCE_MS = 250;
/** Further changes are dropped, and the watchers' polls find them: a database that hangs must not fill the memory. */
const MAX_WAITING = 10_000;

/**
 * Tells every process that jobs have changed, with one NOTIFY for all changes committed meanwhile. It runs after the
 * commit and not in a trigger. A transaction that notifies holds a lock of the whole database while it commits. So all
 * workers would wait for each other's disk writes. bench/notify.ts: 464 jobs a second without, 140 with a trigger, 470
 * this way. When a process dies in between, the watchers ({@link JobChanges}) find the change within a second.
 */
@Injectable()
export class ChangeAnnouncer implements OnApplicationBootstrap {
  private readonly notices = new Batched((changes: Change[]) => this.notify(changes), AT_ONCE, CHANGES_A_NOTICE);
  private waiting = 0;
  private readonly loop: Loop;

  constructor(
    private readonly db: DataSource,
    private readonly jobs: JobsService,
    loops: Loops,
  ) {
    this.loop = loops.open('announce-changes');
  }

  onApplicationBootstrap(): void {
    this.jobs.events.addAnnouncer((job) => this.announce(job));
  }

  /** Settles when it is announced, or cannot be for now. */
  private async announce({ id, revision }: Change): Promise<void> {
    if (this.waiting >= MAX_WAITING) return;
    this.waiting++;
    await this.notices.ask({ id, revision });
    this.waiting--;
  }

  private async notify(changes: Change[]): Promise<undefined[]> {
    await settled(
      PATIENCE_MS,
      this.loop.run(() => sql(this.db, NOTIFY, [encode(changes)])),
    );
    return changes.map(() => undefined);
  }
}

/** The notice need not be written to disk: after a crash of the database no listener is connected. */
const NOTIFY = `SELECT set_config('synchronous_commit', 'off', true), pg_notify('${CHANNEL}', $1)`;

const encode = (changes: Change[]) => changes.map(({ id, revision }) => `${id}:${revision}`).join(' ');

/** The changes in a notice; invalid parts are left out. */
export function decode(notice: string): Change[] {
  return notice.split(' ').flatMap((change) => {
    const [, id, revision] = /^([\da-f-]{36}):(\d+)$/.exec(change) ?? [];
    return id ? [{ id, revision: Number(revision) }] : [];
  });
}
