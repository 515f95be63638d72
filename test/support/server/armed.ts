import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preloaded } from './process.ts';

/** See failpoints.mjs. */
export type Failpoint = 'die-before-write' | 'die-after-write' | 'block-before-write';

interface Armed {
  failpoint: Failpoint;
  /** Is there once it has fired. */
  sign: string;
}

/**
 * Arms failpoints in processes that the tests of a group start. A test one of whose failpoints never fired fails: its
 * process did not come to that place, and nothing was shown of what happens there.
 *
 * @returns what makes the settings of such a process
 */
export function failpoints(): (failpoint: Failpoint) => Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'moviemind-failpoints-'));
  const armed: Armed[] = [];
  let count = 0;
  afterEach(() => {
    const silent = armed.splice(0).filter(({ sign }) => !existsSync(sign));
    if (silent.length > 0) throw new Error(silent.map(({ failpoint }) => neverFired(failpoint)).join('\n'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return (failpoint) => {
    const sign = join(folder, `fired-${++count}`);
    armed.push({ failpoint, sign });
    return { ...preloaded('failpoints'), FAILPOINT: failpoint, FAILPOINT_SIGN: sign };
  };
}

const neverFired = (failpoint: Failpoint) => `The failpoint ${failpoint} was armed and never fired.`;
