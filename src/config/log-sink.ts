import type { Writable } from 'node:stream';

/** Most bytes that wait for a reader that stands still: about a thousand lines. */
const MAX_WAITING = 256 * 1024;

type Output = Pick<Writable, 'write' | 'on' | 'writableLength'>;

/**
 * Where log lines go. A log that cannot be written is no reason to stop serving. Lines are dropped when the disk is
 * full, the reader is gone, or too many lines wait for it. Dropped lines are counted, and one line reports them as soon
 * as lines get through again. It never waits and never throws.
 */
export class LogSink {
  /** Lost lines that no line of the log has reported. */
  private unreported = 0;
  /** Lost lines since {@link takeLost} was called last. */
  private lost = 0;
  /** The last line may have been written only in part. */
  private cut = false;

  constructor(
    private readonly output: Output,
    /** Makes the line that reports how many were lost. */
    private readonly notice: (count: number) => string,
    private readonly maxWaiting = MAX_WAITING,
  ) {
    output.on('error', () => undefined); // each write gets its own error
  }

  write(line: string): void {
    if (this.output.writableLength + line.length > this.maxWaiting) return this.drop(1);
    this.send(line, () => this.drop(1));
  }

  /** How many lines were lost since the last call. */
  takeLost(): number {
    const { lost } = this;
    this.lost = 0;
    return lost;
  }

  private drop(count: number): void {
    this.lost += count;
    this.unreported += count;
  }

  private send(line: string, failed: () => void): void {
    const text = this.cut ? `\n${line}` : line;
    this.cut = false;
    this.output.write(text, (error) => {
      if (!error) return this.report();
      this.cut = true;
      failed();
    });
  }

  /** Lines get through again. It waits until half of the buffer is free, so that there is room for the notice. */
  private report(): void {
    const count = this.unreported;
    if (count === 0 || this.output.writableLength > this.maxWaiting / 2) return;
    this.unreported = 0;
    this.send(this.notice(count), () => (this.unreported += count));
  }
}
