import { LRUCache } from 'lru-cache';
import type { SentJob } from './sent-job.js';

/** Most of it, characters. A finished job has some 900. */
const MAX_SIZE = 32 * 1024 * 1024;
/** What an entry takes beside its bytes. */
const OVERHEAD = 600;

interface Sent {
  job: SentJob;
  /** By `performance.now()`: it is not older than this. */
  asOf: number;
}

/** Jobs as this process has sent them lately. Whoever takes one must check that it is still the present state. */
export class SentJobs {
  private readonly jobs = new LRUCache<string, Sent>({
    maxSize: MAX_SIZE,
    sizeCalculation: ({ job }) => job.json.length + OVERHEAD,
  });

  get(id: string): Sent | undefined {
    return this.jobs.get(id);
  }

  /** @param sent.leftMs how long it may be sent at most, milliseconds */
  add(job: SentJob, { asOf, leftMs }: { asOf: number; leftMs: number }): void {
    const known = this.jobs.peek(job.id);
    if (known && known.job.revision > job.revision) return;
    if (leftMs > 0) this.jobs.set(job.id, { job, asOf }, { ttl: leftMs });
  }

  forgetOlder(id: string, revision: number): void {
    const known = this.jobs.peek(id);
    if (known && known.job.revision < revision) this.jobs.delete(id);
  }

  forgetAll(): void {
    this.jobs.clear();
  }
}
