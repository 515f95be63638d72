import { Writable } from 'node:stream';
import { LogSink } from './log-sink.js';

/** Takes lines, or not, as it is told. */
class Output extends Writable {
  taken = '';
  full = false;
  private waiting: (() => void)[] | null = null;

  constructor() {
    super({ decodeStrings: false, autoDestroy: false });
  }

  hold(): void {
    this.waiting = [];
  }

  release(): void {
    const waiting = this.waiting ?? [];
    this.waiting = null;
    for (const go of waiting) go();
  }

  override _write(chunk: string, _: string, done: (error?: Error) => void): void {
    const take = () => {
      if (!this.full) this.taken += chunk;
      done(this.full ? new Error('ENOSPC') : undefined);
    };
    if (this.waiting) this.waiting.push(take);
    else take();
  }
}

/** What standard output does: an error does not end it. */
class Surviving extends Output {
  override write(chunk: string, done?: unknown): boolean {
    if (!this.full) return super.write(chunk, done as never);
    queueMicrotask(() => (done as (error: Error) => void)(new Error('ENOSPC')));
    return true;
  }
}

const settled = () => new Promise((done) => setImmediate(done));
const notice = (count: number) => `${count} dropped\n`;

describe('a log that cannot be written', () => {
  it('loses its lines, counts them, and tells of them once when it can be written again', async () => {
    const output = new Surviving();
    const sink = new LogSink(output, notice);
    sink.write('one\n');
    output.full = true;
    for (const line of ['two\n', 'three\n']) sink.write(line);
    await settled();
    output.full = false;
    for (const line of ['four\n', 'five\n']) sink.write(line);
    await settled();
    expect(output.taken).toBe('one\n\nfour\nfive\n2 dropped\n');
    expect([sink.takeLost(), sink.takeLost()]).toEqual([2, 0]);
  });

  it('keeps what may wait for a reader that stands still, and drops the rest', async () => {
    const output = new Output();
    const sink = new LogSink(output, notice, 100);
    output.hold();
    for (let n = 0; n < 50; n++) sink.write(`line ${String(n).padStart(4, '0')}\n`);
    expect(output.writableLength).toBe(100);
    expect(sink.takeLost()).toBe(40);
    output.release();
    await settled();
    expect(output.taken.split('\n').filter(Boolean)).toEqual([
      ...Array.from({ length: 10 }, (_, n) => `line ${String(n).padStart(4, '0')}`),
      '40 dropped',
    ]);
  });
});
