import type { JobDto } from '../jobs/jobs.dto.js';
import { isFinished } from '../domain/vocabulary.js';
import type { Kind } from './options.js';
import type { Row } from './rows.js';

/** A line of the file and its result. */
export interface Outcome {
  row: Row;
  body: object;
  /** Why the server refuses the line. */
  refused?: string;
  job?: JobDto;
}

/** The result as one word; `NOT_SENT`: the line was not understood, or the run ended before it. */
export const statusOf = ({ refused, job }: Outcome) => job?.status ?? (refused === undefined ? 'NOT_SENT' : 'REFUSED');
export const isDone = ({ job }: Outcome) => job?.status === 'DONE';
/** Whether the server has the line and, as far as known, has not finished it. */
export const isOpen = ({ job }: Outcome) => job !== undefined && !isFinished(job.status);
const isLost = ({ row, refused }: Outcome) => row.problem !== undefined || refused !== undefined;

/** All lines of a file. While the jobs run, only the counts of their batches are known. */
export class Outcomes {
  readonly all: Outcome[] = [];
  /** Counts of finished items, for each batch whose jobs are not read yet. */
  private readonly counts = new Map<string, { done: number; failed: number }>();

  constructor(
    readonly kind: Kind,
    /** Number of lines that are no films. */
    readonly skipped: number,
  ) {}

  add(outcome: Outcome): void {
    this.all.push(outcome);
  }

  get total(): number {
    return this.all.length;
  }

  /** Lines to send, in the order of the file. */
  get toSend(): Outcome[] {
    return this.all.filter((outcome) => !isLost(outcome) && outcome.job === undefined);
  }

  get open(): Outcome[] {
    return this.all.filter(isOpen);
  }

  count(batchId: string, done: number, failed: number): void {
    this.counts.set(batchId, { done, failed });
  }

  /** Called when all jobs have been read: the counts of the batches are not needed any more. */
  collected(): void {
    this.counts.clear();
  }

  get done(): number {
    if (this.counts.size === 0) return this.all.filter(isDone).length;
    return this.sum(({ done }) => done);
  }

  /** Lines that ended without a text. */
  get failed(): number {
    if (this.counts.size === 0) return this.all.filter((one) => !isDone(one) && !isOpen(one) && isOver(one)).length;
    return this.all.filter(isLost).length + this.sum(({ failed }) => failed);
  }

  private sum(of: (count: { done: number; failed: number }) => number): number {
    return [...this.counts.values()].reduce((total, count) => total + of(count), 0);
  }
}

const isOver = (outcome: Outcome) => isLost(outcome) || outcome.job !== undefined;
