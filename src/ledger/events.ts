import { EventEmitter } from 'node:events';
import type { Stop } from '../domain/gate-names.js';
import type { GenerationJob } from './generation-job.entity.js';

interface Events {
  /** A row became due for the dispatcher. `fresh`: these did, which were inserted just now. */
  dispatchable: [fresh?: GenerationJob[]];
  /** A job is new. */
  accepted: [job: GenerationJob];
  /** A job has changed its state. */
  published: [job: GenerationJob];
  /** A job has changed in another way, in the same state. */
  changed: [job: GenerationJob];
  /** A worker found that it has lost its claim on the job. */
  lost: [job: GenerationJob];
  /** A call of the model for the job came to an end, whatever it was. */
  asked: [job: GenerationJob, seconds: number];
  /** An answer of the model did not pass a gate. */
  stopped: [stop: Stop];
  /** The result of the job was stored, alone or with those of others. */
  stored: [job: GenerationJob, seconds: number];
}

/** Events of the ledger, each emitted after the commit: a listener cannot undo the change. */
export class LedgerEvents extends EventEmitter<Events> {
  private readonly announcers: ((job: GenerationJob) => Promise<void>)[] = [];
  private readonly keepers: ((job: GenerationJob) => Promise<void>)[] = [];

  /** Called first. All servers hear of a change before one of them can read it where it is kept. */
  addAnnouncer(announce: (job: GenerationJob) => Promise<void>): void {
    this.announcers.push(announce);
  }

  /** Every change waits for `keep` before it is answered. So a client that asks next gets the same state. */
  addKeeper(keep: (job: GenerationJob) => Promise<void>): void {
    this.keepers.push(keep);
  }

  async publish(event: 'published' | 'changed', job: GenerationJob): Promise<void> {
    this.emit(event, job);
    await Promise.all(this.announcers.map((announce) => announce(job)));
    await Promise.all(this.keepers.map((keep) => keep(job)));
  }
}
