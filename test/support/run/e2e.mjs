import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/** More files than this do not fail by accident. */
const MOST_AGAIN = 6;
/** What they send is drawn at random: another draw may miss what was found. */
const DRAWN = /test[\\/]fuzz[\\/]/;

const JEST = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
const PROJECTS = ['--selectProjects', 'e2e-database', 'e2e-redis'];

const jest = (...args) =>
  spawnSync(process.execPath, [...JEST, ...PROJECTS, ...args], { stdio: 'inherit' }).status ?? 1;

/** @returns the exit code, and the files that failed; `null`: jest did not come to its end */
function runAll() {
  const folder = mkdtempSync(join(tmpdir(), 'moviemind-e2e-'));
  try {
    const results = join(folder, 'results.json');
    const code = jest('--json', `--outputFile=${results}`);
    const { testResults } = JSON.parse(readFileSync(results, 'utf8'));
    const failed = testResults.filter(({ status }) => status === 'failed').map(({ name }) => name);
    return { code, failed: [...new Set(failed)] };
  } catch {
    return { code: 1, failed: null };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * `node e2e.mjs` runs all files end to end; with arguments, jest with these. Files that fail beside others, where two
 * cores carry dozens of processes, run once more, one at a time: what fails again is wrong. What passes is named at the
 * end, since it relies on the pace of the machine somewhere.
 */
function run() {
  const args = process.argv.slice(2);
  if (args.length > 0) return jest(...args);
  const { code, failed } = runAll();
  if (code === 0 || !failed?.length || failed.length > MOST_AGAIN || failed.some((file) => DRAWN.test(file)))
    return code;
  const files = failed.map((file) => relative(process.cwd(), file).replaceAll('\\', '/'));
  console.error(`\nOnce more, one at a time: ${files.join(', ')}\n`);
  const again = jest('-w', '1', '--testPathPatterns', ...files.map((file) => file.replaceAll('.', '\\.')));
  if (again === 0) console.error(`\nUNSTEADY: failed beside others and passed alone: ${files.join(', ')}`);
  return again;
}

process.exitCode = run();
