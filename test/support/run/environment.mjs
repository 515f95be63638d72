import { TestEnvironment } from 'jest-environment-node';

/**
 * Jest loads everything anew for every file, which takes two seconds of a core for the program with its libraries.
 * Node has it once for all files that run in a process; each of them gets it as a global.
 */
export default class extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global.PROGRAM = await import('./program.mjs');
  }
}
