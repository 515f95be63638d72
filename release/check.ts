import { parseArgs } from 'node:util';
import { CHECKS } from './checks.ts';

const HELP = `npm run release:check [-- --only <name> …] [--list]

Checks all that a release needs, and says what to do about what it finds. Exit
code: 0 it can be released, 1 it cannot yet.

  --only <name>  runs some of the checks
  --list         names them

It takes some minutes: it builds, and runs the tests of the upgrade on both
queue drivers. Writes dist/sbom.cdx.json.`;

/** Lines of a problem that are shown. */
const SHOWN = 12;

function run(names: string[]): boolean {
  let failed = 0;
  for (const [name, { needs, check }] of Object.entries(CHECKS)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const started = performance.now();
    const problems = check();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${problems.length === 0 ? '✓' : '✗'} ${name.padEnd(12)} ${needs} (${seconds} s)`);
    for (const problem of problems.slice(0, SHOWN)) console.log(`    ${problem}`);
    if (problems.length > SHOWN) console.log(`    … and ${problems.length - SHOWN} more`);
    if (problems.length > 0) failed++;
  }
  const good = names.length > 0 ? 'These checks pass.' : 'It can be released.';
  console.log(failed === 0 ? `\n${good}` : `\nNot yet: ${failed} of the checks failed.`);
  return failed === 0;
}

const options = {
  help: { type: 'boolean', short: 'h' },
  list: { type: 'boolean' },
  only: { type: 'string', multiple: true },
} as const;
const { values } = parseArgs({ options });
const unknown = (values.only ?? []).filter((name) => !(name in CHECKS));
if (values.help) console.log(HELP);
else if (values.list) console.log(Object.keys(CHECKS).join('\n'));
else if (unknown.length > 0) {
  console.error(`There is no check ${unknown.join(', ')}; there are: ${Object.keys(CHECKS).join(', ')}`);
  process.exitCode = 1;
} else process.exitCode = run(values.only ?? []) ? 0 : 1;
