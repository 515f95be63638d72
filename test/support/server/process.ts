import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../run/eventually.ts';

/** Where no file .env of whoever runs the tests has a say. */
const NOWHERE = join(tmpdir(), 'moviemind-nowhere');
mkdirSync(NOWHERE, { recursive: true });
const MAIN = join(process.cwd(), 'dist/src/main.js');
/** Compiled once for the hundreds of processes that the tests start: a fifth of what a start costs. */
const NODE_COMPILE_CACHE = join(tmpdir(), 'moviemind-compile-cache');

/** Settings that load a module of this folder into a process before the program. */
export const preloaded = (module: string) => ({
  NODE_OPTIONS: `--import=${join(process.cwd(), 'test/support/server', `${module}.mjs`)}`,
});

/** The program as an operator starts it: a process with its environment and its output. */
export class Program {
  /** Both streams, as they came. */
  output = '';
  stdout = '';
  stderr = '';
  readonly exited: Promise<number | null>;
  readonly child: ChildProcess;
  readonly cwd: string;

  // No parameter properties: this file also runs without a build, and node strips types only.
  constructor(settings: Record<string, string>, script = MAIN, args: string[] = [], cwd = NOWHERE) {
    this.cwd = cwd;
    const { PATH, HOME } = process.env;
    this.child = spawn(process.execPath, [script, ...args], {
      cwd,
      env: { PATH, HOME, NODE_COMPILE_CACHE, MOCK_LATENCY_MS: '0', PORT: '0', ...settings },
    });
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.on('data', (text: Buffer) => (this.output += text.toString()));
    this.child.stdout!.on('data', (text: Buffer) => (this.stdout += text.toString()));
    this.child.stderr!.on('data', (text: Buffer) => (this.stderr += text.toString()));
    this.exited = new Promise((done) => this.child.once('close', done));
  }

  /** The address from the banner. */
  async ready(): Promise<string> {
    const match = await eventually(async () => {
      if (this.child.exitCode !== null) throw new Error(`ended with ${this.child.exitCode}: ${this.output}`);
      return /MovieMind is ready[\s\S]*?address +(\S+)/.exec(this.output);
    }, 60_000);
    return match[1]!;
  }

  /** Sends a signal and waits for the end. @returns the exit code; `null` when the signal itself ended it */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.exited;
  }
}
