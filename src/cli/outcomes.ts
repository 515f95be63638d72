import type { JobDto } from '../jobs/jobs.dto.js';
import { isFinished } from '../domain/vocabulary.js';
import type { Kind } from './options.js';
import type { Row } from './rows.js';

/** A line of the file and what became of it. */
export interface Outcome {
  row: Row;
  body: object;
  /** Why the server does not take it. */
  refused?: string;
  job?: JobDto;
}

/** One word for what became of it; `NOT_SENT`: it was not understood, or the run ended before. */
export const statusOf = ({ refused, job }: Outcome) => job?.status ?? (refused === undefined ? 'NOT_SENT' : 'REFUSED');
export const isDone = ({ job }: Outcome) => job?.status === 'DONE';
/** It is with the server, and not finished as far as is known. */
export const isOpen = ({ job }: Outcome) => job !== undefined && !isFinished(job.status);
const isLost = ({ row, refused }: Outcome) => row.problem !== undefined || refused !== undefined;

/** All lines of a file. While the jobs run, only the counts of their batches are known. */
export class Outcomes {
  readonly all: Outcome[] = [];
  /** Finished items of each batch that is not collected yet. */
  private readonly counts = new Map<string, { done: number; failed: number }>();

  constructor(
    readonly kind: Kind,
    /** Lines that are no films. */
    readonly skipped: number,
  ) {}

  add(outcome: Outcome): void {
    this.all.push(outcome);
  }

  get total(): number {
    return this.all.length;
  }

  /** In the order of the file. */
  get toSend(): Outcome[] {
    return this.all.filter((outcome) => !isLost(outcome) && outcome.job === undefined);
  }

  get open(): Outcome[] {
    return this.all.filter(isOpen);
  }

  count(batchId: string, done: number, failed: number): void {
    this.counts.set(batchId, { done, failed });
  }

  /** From here on the jobs themselves are known. */
  collected(): void {
    this.counts.clear();
  }

  get done(): number {
    if (this.counts.size === 0) return this.all.filter(isDone).length;
    return this.sum(({ done }) => done);
  }

  /** Lines that came to an end, and to no text. */
  get failed(): number {
    if (this.counts.size === 0) return this.all.filter((one) => !isDone(one) && !isOpen(one) && isOver(one)).length;
    return this.all.filter(isLost).length + this.sum(({ failed }) => failed);
  }

  private sum(of: (count: { done: number; failed: number }) => number): number {
    return [...this.counts.values()].reduce((total, count) => total + of(count), 0);
  }
}

const isOver = (outcome: Outcome) => isLost(outcome) || outcome.job !== undefined;
