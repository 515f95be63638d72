import { TestEnvironment } from 'jest-environment-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { PATIENCE } from './eventually.ts';

/** A connection that is being opened ends by its timeout. */
const CLOSED_WITHIN_MS = 6000;
/** Between two looks, milliseconds. */
const LOOK_MS = 50;

/**
 * Jest loads everything anew for every file, which takes two seconds of a core for the program with its libraries.
 * Node has it once for all files that run in a process; each of them gets it as a global.
 */
export default class extends TestEnvironment {
  /** Tests and hooks whose own limit has been lengthened. */
  lengthened = new WeakSet();

  constructor(config, context) {
    super(config, context);
    this.path = context.testPath;
  }

  handleTestEvent({ name, hook, test }) {
    const limited = name === 'hook_start' ? hook : name === 'test_fn_start' ? test : undefined;
    if (!limited?.timeout || this.lengthened.has(limited)) return;
    this.lengthened.add(limited);
    limited.timeout *= PATIENCE;
  }

  async setup() {
    await super.setup();
    this.global.PROGRAM = await import('./program.mjs');
  }

  /** A timer that a file leaves behind keeps its process from ending: the file fails. */
  async teardown() {
    await super.teardown();
    // Run alone, a file shares the process with jest, which has timers of its own.
    if (!process.send) return;
    const open = () => process.getActiveResourcesInfo().filter((what) => what === 'Timeout' || what === 'Immediate');
    const until = performance.now() + CLOSED_WITHIN_MS;
    while (open().length > 0 && performance.now() < until) await sleep(LOOK_MS, undefined, { ref: false });
    if (open().length > 0) throw new Error(`left open by ${this.path}: ${open().join(', ')}`);
  }
}
