import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { join } from 'node:path';

interface Results {
  testResults: { assertionResults: { title: string; status: string; failureMessages: string[] }[] }[];
}

/** What jest says of a file of tests that arm failpoints. */
async function results() {
  const config = {
    rootDir: process.cwd(),
    testMatch: [join(import.meta.dirname, 'fixtures/failpoints.ts')],
    extensionsToTreatAsEsm: ['.ts'],
    transform: { '^.+\\.ts$': '@swc/jest' },
  };
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  const args = [...jest, '--json', '--runInBand', '--config', JSON.stringify(config)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 100_000 }).catch(
    // As it ends where a test has failed.
    (failed: { stdout: string }) => failed,
  );
  return (JSON.parse(stdout) as Results).testResults[0]!.assertionResults;
}

describe('a failpoint', () => {
  it('fails the test that armed it, where it never fired', async () => {
    const all = await results();
    expect(all.map(({ title, status }) => [title, status])).toEqual([
      ['comes to it', 'passed'],
      ['ends without', 'failed'],
      ['was not even started', 'failed'],
    ]);
    const [, ended, absent] = all.map(({ failureMessages }) => failureMessages.join('\n'));
    expect(ended).toContain('The failpoint die-before-write was armed and never fired.');
    expect(absent).toContain('The failpoint die-after-write was armed and never fired.');
  }, 120_000);
});
