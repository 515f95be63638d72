import { TestEnvironment } from 'jest-environment-node';
import { setTimeout as sleep } from 'node:timers/promises';

const CLOSED_WITHIN_MS = 1000;

/**
 * Jest loads everything anew for every file, which takes two seconds of a core for the program with its libraries.
 * Node has it once for all files that run in a process; each of them gets it as a global.
 */
export default class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.path = context.testPath;
  }

  async setup() {
    await super.setup();
    this.global.PROGRAM = await import('./program.mjs');
  }

  /** What a file leaves open would keep its process from ending. */
  async teardown() {
    const open = () => process.getActiveResourcesInfo().filter((what) => what === 'Timeout' || what === 'Immediate');
    const until = performance.now() + CLOSED_WITHIN_MS;
    while (open().length > 0 && performance.now() < until) await sleep(CLOSED_WITHIN_MS / 20, undefined, { ref: false });
    const left = open();
    await super.teardown();
    if (left.length > 0) console.error(`LEFTOPEN ${this.path}: ${left.join(', ')}`);
  }
}
