import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../database/sql.js';
import type { Loop } from '../timing/loop.js';
import { Loops } from '../timing/loops.js';
import type { GenerationJob } from './generation-job.entity.js';
import { JobsService } from './jobs.service.js';

export const CHANNEL = 'job_changes';

export type Change = Pick<GenerationJob, 'id' | 'revision'>;

/** A notification may have 8000 bytes; a change takes about 45. */
const CHANGES_A_NOTICE = 150;
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
  private readonly waiting: Change[] = [];
  private announcing = false;
  private readonly loop: Loop;

  constructor(
    private readonly db: DataSource,
    private readonly jobs: JobsService,
    loops: Loops,
  ) {
    this.loop = loops.open('announce-changes');
  }

  onApplicationBootstrap(): void {
    for (const event of ['published', 'changed'] as const) this.jobs.events.on(event, (job: Change) => this.add(job));
  }

  private add({ id, revision }: Change): void {
    if (this.waiting.length < MAX_WAITING) this.waiting.push({ id, revision });
    if (!this.announcing) void this.announce();
  }

  private async announce(): Promise<void> {
    this.announcing = true;
    while (this.waiting.length > 0) {
      const changes = this.waiting.splice(0, CHANGES_A_NOTICE);
      // The notice need not be written to disk: after a crash of the database no listener is connected.
      const notify = `SELECT set_config('synchronous_commit', 'off', true), pg_notify('${CHANNEL}', $1)`;
      await this.loop.run(() => sql(this.db, notify, [encode(changes)])).catch(() => undefined);
    }
    this.announcing = false;
  }
}

const encode = (changes: Change[]) => changes.map(({ id, revision }) => `${id}:${revision}`).join(' ');

/** The changes in a notice; invalid parts are left out. */
export function decode(notice: string): Change[] {
  return notice.split(' ').flatMap((change) => {
    const [, id, revision] = /^([\da-f-]{36}):(\d+)$/.exec(change) ?? [];
    return id ? [{ id, revision: Number(revision) }] : [];
  });
}
