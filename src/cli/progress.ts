import { SingleBar } from 'cli-progress';
import type { Notice } from './line.js';
import { plainly } from './output.js';

/** Time between two lines where there is no terminal, milliseconds. */
const LINE_MS = 5000;

/** The progress of a file on stderr: a bar in a terminal, else a line now and then. */
export class Progress {
  private readonly bar = new SingleBar({
    format: '{bar} {value}/{total}  {done} done, {failed} not  {duration_formatted}  {note}',
    barsize: 20,
    stream: plainly(process.stderr),
    noTTYOutput: true,
    notTTYSchedule: LINE_MS,
    hideCursor: true,
    gracefulExit: false,
  });
  private readonly notes = new Map<string, string>();
  private readonly shown = { done: 0, failed: 0 };

  start(total: number): void {
    this.bar.start(total, 0, { ...this.shown, note: '' });
  }

  update(done: number, failed: number): void {
    Object.assign(this.shown, { done, failed });
    this.show();
  }

  /** Shows in the progress line what holds up the requests, or the jobs. */
  readonly notice: Notice = (doing, text) => {
    if (text === null) this.notes.delete(doing);
    else this.notes.set(doing, text);
    this.show();
  };

  stop(): void {
    this.notes.clear();
    this.show();
    this.bar.stop();
  }

  private show(): void {
    const { done, failed } = this.shown;
    // A problem with sending comes first: it matters more than a problem with reading the progress.
    const note = this.notes.get('POST') ?? this.notes.get('GET') ?? this.notes.get('hold') ?? '';
    this.bar.update(done + failed, { done, failed, note });
  }
}
