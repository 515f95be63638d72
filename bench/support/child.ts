import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { atEnd } from './ending.ts';

const READY_WITHIN_MS = 60_000;
const END_WITHIN_MS = 15_000;
/** As much of its last words as is told when it ends too early. */
const LAST_WORDS = 2000;

export interface Start {
  env: Record<string, string>;
  /** What it says when it is ready; the first group is its port. */
  ready: RegExp;
  /** It is sent messages, and ends when nobody is there to send any. */
  talks?: boolean;
  nodeArguments?: string[];
}

/** A process of node that was started here. Ctrl-C does not reach it: it is ended in its turn. */
export class Child {
  readonly process: ChildProcess;
  readonly exited: Promise<unknown>;
  port = 0;
  private said = '';

  private constructor(child: ChildProcess) {
    this.process = child;
    this.exited = once(child, 'close');
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (text: Buffer) => (this.said = (this.said + text.toString()).slice(-LAST_WORDS * 4)));
  }

  static async start(script: string, { env, ready, talks, nodeArguments = [] }: Start): Promise<Child> {
    const { PATH, HOME } = process.env;
    const options = { env: { PATH, HOME, ...env }, cwd: tmpdir(), detached: true };
    const execArgv = ['--no-warnings', ...nodeArguments];
    const child = new Child(
      talks
        ? fork(script, { ...options, execArgv, silent: true, serialization: 'advanced' })
        : spawn(process.execPath, [...execArgv, script], options),
    );
    atEnd(() => child.end());
    await child.isReady(ready);
    return child;
  }

  get pid(): number {
    return this.process.pid!;
  }

  /** What it has said lately, on both streams. */
  get lastWords(): string {
    return this.said.slice(-LAST_WORDS);
  }

  /** Safe to call twice. */
  async end(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill('SIGTERM');
    const late = await Promise.race([this.exited.then(() => false), sleep(END_WITHIN_MS, true, { ref: false })]);
    if (late) this.process.kill('SIGKILL');
  }

  private async isReady(ready: RegExp): Promise<void> {
    for (const deadline = performance.now() + READY_WITHIN_MS; performance.now() < deadline; await sleep(5)) {
      const match = ready.exec(this.said);
      if (match) return void (this.port = Number(match[1] ?? 0));
      if (this.process.exitCode !== null) throw new Error(`ended before it was ready: ${this.lastWords}`);
    }
    throw new Error(`not ready after ${READY_WITHIN_MS} ms: ${this.lastWords}`);
  }
}
