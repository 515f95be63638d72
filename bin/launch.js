'use strict';

const { spawn } = require('child_process');
const { existsSync, realpathSync } = require('fs');
const { join } = require('path');
const { pathToFileURL } = require('url');
const program = require('./compile.js');
const all = require('./make.js');
const { INSTALLED, suits, tooOld, version } = require('./node.js');

const USAGE = `MovieMind ${version} is not built yet, so it cannot tell more: npm run build, and ask again.
The server is started by npm start, the commands are npx moviemind generate, jobs, queue, keys, doctor and more.`;

/**
 * Runs an entry of the program on a suitable Node, after building what is not up to date. Messages of the launcher go
 * to stderr: stdout belongs to the program.
 */
function launch(entry) {
  const args = process.argv.slice(2);
  const refuse = (line) => end(line, entry === 'cli.js' ? 2 : 1);
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) return console.log(version);
  if (!suits(process.versions.node)) return isOther(INSTALLED) ? handOver(refuse) : refuse(tooOld());
  const asks = args.some((arg) => arg === '--help' || arg === '-h');
  if (asks && !existsSync(program.BUILT)) return console.log(USAGE);
  // A command shows no page.
  const parts = entry === 'main.js' ? all : program;
  const ready = asks || parts.isFresh() ? Promise.resolve() : makeFresh(parts, refuse);
  return void ready.then(() => {
    require('./loading.js');
    return import(pathToFileURL(join(program.BUILT, entry)).href);
  });
}

/** @returns whether `node` exists and is not the Node that runs now */
function isOther(node) {
  return existsSync(node) && realpathSync(node) !== realpathSync(process.execPath);
}

function makeFresh(parts, refuse) {
  return whyNotBuilt(parts).then((why) => {
    if (why && !existsSync(program.BUILT)) refuse(`MovieMind is not built: ${why}`);
    else if (why) console.error(`MovieMind was built from other sources, which run now: ${why}`);
  });
}

/** @returns a promise of why the program could not be built; of `undefined`: it is built now */
function whyNotBuilt(parts) {
  const why = parts.missing();
  if (why) return Promise.resolve(why);
  return Promise.resolve()
    .then(() => parts.build((line) => console.error(line)))
    .catch((error) => {
      // A server without its page, or with that of before, is better than none.
      if (error.code === all.PAGE_FAILED) return console.error(error.message);
      // The folder may belong to another user. An error in the sources is thrown as it is.
      if (['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].indexOf(error.code) < 0) throw error;
      return `the folder dist cannot be written (${error.code}); npm run build by whoever may`;
    });
}

/** Runs the same command on the Node that npm installed, and ends as that process ends. */
function handOver(refuse) {
  const child = spawn(INSTALLED, process.execArgv.concat(process.argv.slice(1)), { stdio: 'inherit' });
  child.on('error', () => refuse(tooOld()));
  child.on('exit', (code, signal) => (signal ? process.kill(process.pid, signal) : process.exit(code)));
  const terminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  // A terminal sends Ctrl-C to both processes; sent on, it would arrive twice and mean "at once".
  process.on('SIGINT', () => !terminal && child.kill('SIGINT'));
  for (const name of ['SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
}

function end(line, code) {
  console.error(line);
  process.exit(code);
}

module.exports = { launch };
