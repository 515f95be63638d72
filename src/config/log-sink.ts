import type { Writable } from 'node:stream';

/** What may wait for a reader that stands still, bytes: a thousand lines or so. */
const MAX_WAITING = 256 * 1024;

type Output = Pick<Writable, 'write' | 'on' | 'writableLength'>;

/**
 * Where log lines go. A log that cannot be written is no reason to stop serving: lines for a full disk or a reader
 * that is gone are dropped, and so is what a reader that stands still leaves unread. They are counted, and told of in
 * one line as soon as lines get through again. It never waits and never throws.
 */
export class LogSink {
  /** Lines lost that no line in the log has told of. */
  private untold = 0;
  /** Lines lost since they were last taken account of. */
  private lost = 0;
  /** The last line may have been written in part. */
  private cut = false;

  constructor(
    private readonly output: Output,
    /** A line that says how many were lost. */
    private readonly notice: (count: number) => string,
    private readonly maxWaiting = MAX_WAITING,
  ) {
    output.on('error', () => undefined); // each write is told its own
  }

  write(line: string): void {
    if (this.output.writableLength + line.length > this.maxWaiting) return this.drop(1);
    this.send(line, () => this.drop(1));
  }

  /** How many lines were lost since this was last asked. */
  takeLost(): number {
    const { lost } = this;
    this.lost = 0;
    return lost;
  }

  private drop(count: number): void {
    this.lost += count;
    this.untold += count;
  }

  private send(line: string, failed: () => void): void {
    const whole = this.cut ? `\n${line}` : line;
    this.cut = false;
    this.output.write(whole, (error) => {
      if (!error) return this.tell();
      this.cut = true;
      failed();
    });
  }

  /** Lines get through again: room for the notice there is when half of what waited is gone. */
  private tell(): void {
    const count = this.untold;
    if (count === 0 || this.output.writableLength > this.maxWaiting / 2) return;
    this.untold = 0;
    this.send(this.notice(count), () => (this.untold += count));
  }
}
