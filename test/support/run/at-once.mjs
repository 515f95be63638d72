import { spawn } from 'node:child_process';

/**
 * `node at-once.mjs <script> <script> …` runs scripts of package.json at the same time. What one prints is shown in
 * one piece when it has ended. The exit code is 1 when one of them has failed; the others are run to their end.
 */
const ended = process.argv.slice(2).map(async (name) => {
  const started = performance.now();
  const child = spawn('npm', ['run', '--silent', name], { shell: process.platform === 'win32' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const code = await new Promise((done) => child.once('close', done).once('error', done));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${output}> ${name} ${code === 0 ? 'is done' : 'FAILED'} after ${seconds} s\n`);
  return { name, code };
});

const failed = (await Promise.all(ended)).filter(({ code }) => code !== 0);
if (failed.length > 0) {
  console.error(`Failed: ${failed.map(({ name }) => name).join(', ')}`);
  process.exitCode = 1;
}
