import { EventEmitter } from 'node:events';
import type { GenerationJob } from './generation-job.entity.js';

interface Events {
  /** A row waits for the dispatcher. */
  dispatchable: [];
  /** A job is new. */
  accepted: [job: GenerationJob];
  /** A job has another state. */
  published: [job: GenerationJob];
  /** A job has the same state, and something else of it is another. */
  changed: [job: GenerationJob];
  /** A worker found that its claim on the job is gone. */
  lost: [job: GenerationJob];
}

/** What the ledger tells, each after the commit: nobody who listens can make a change undone. */
export class LedgerEvents extends EventEmitter<Events> {
  private readonly keepers: ((job: GenerationJob) => Promise<void>)[] = [];

  /** `keep` is waited for before whoever made a change gets an answer, so that who asks next is told the same. */
  keptBy(keep: (job: GenerationJob) => Promise<void>): void {
    this.keepers.push(keep);
  }

  async tell(event: 'published' | 'changed', job: GenerationJob): Promise<void> {
    this.emit(event, job);
    await Promise.all(this.keepers.map((keep) => keep(job)));
  }
}
