'use strict';

/**
 * The page at `/`, built by Vite from `web/` and the typed client into `dist/web`. It is built by a process of its own,
 * beside the program. Without Vite, what is built is served; a server without a page answers programs as ever.
 */
const { spawn } = require('child_process');
const { createHash } = require('crypto');
const { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync } = require('fs');
const { tmpdir } = require('os');
const { join, relative } = require('path');
const { filesBelow, removeFormer, write } = require('./files.js');
const { INSTALLED, ROOT } = require('./node.js');

const PAGE = join(ROOT, 'dist', 'web');
const ASSETS = join(PAGE, 'assets');
/** Names the build's other files, so it is written last. */
const INDEX = 'index.html';
/** The fingerprint of what `dist/web` was built from, and the files of that build, a line each. */
const STAMP = join(ROOT, 'dist', '.fingerprint-page');
const FOLDERS = ['web', 'clients/typescript/src'].map((folder) => join(ROOT, folder));
const OWN = ['page.js', 'page-build.js', 'files.js'].map((name) => join(__dirname, name));
const PACKAGES = join(ROOT, 'node_modules', '.package-lock.json');
const VITE = join(ROOT, 'node_modules', 'vite', 'package.json');
/** The longest that a build may take, milliseconds; it takes two seconds. */
const PATIENCE_MS = 120 * 1000;
/** The code of an error in the page's sources. */
const FAILED = 'PAGE_FAILED';
/** How page-build.js ends where Vite, or its part for this machine, is not installed. */
const NO_VITE = 3;

/** @returns whether the page needs no build: it is up to date, or cannot be built here */
function isFresh() {
  if (!FOLDERS.every(existsSync) || !existsSync(VITE) || !nodeForVite()) return true;
  return existsSync(join(PAGE, INDEX)) && stamped()[0] === fingerprint();
}

const stamped = () => (existsSync(STAMP) ? readFileSync(STAMP, 'utf8').split('\n') : []);

function fingerprint() {
  const sources = FOLDERS.reduce((files, folder) => files.concat(filesBelow(folder)), []);
  const hash = createHash('sha256');
  for (const file of OWN.concat(PACKAGES, sources).filter(existsSync))
    if (!/\.spec\.tsx?$/.test(file)) hash.update(`\0${relative(ROOT, file)}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

/** @returns a Node that runs Vite: ^20.19 or >=22.12, as its package.json has it */
function nodeForVite() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19)) return process.execPath;
  return existsSync(INSTALLED) ? INSTALLED : undefined;
}

/** @returns a promise; where Vite cannot run, nothing is built @throws Error for sources that Vite refuses */
function build(say) {
  const started = Date.now();
  const before = fingerprint();
  const draft = mkdtempSync(join(tmpdir(), 'moviemind-page-'));
  return draw(draft)
    .then((drawn) => {
      if (!drawn) return;
      take(draft, before);
      say(`Built the page in ${((Date.now() - started) / 1000).toFixed(1)} s`);
    })
    .finally(() => rmSync(draft, { recursive: true, force: true }));
}

/** Has Vite write the page into a folder, with the compressed files. */
function draw(draft) {
  return new Promise((done, failed) => {
    const args = [join(__dirname, 'page-build.js'), draft];
    const child = spawn(nodeForVite(), args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], timeout: PATIENCE_MS });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    child.on('error', failed);
    child.on('close', (code) => {
      if (code === 0 || code === NO_VITE) done(code === 0);
      else failed(failure(code === null ? 'it took too long' : output.trim()));
    });
  });
}

const failure = (why) => Object.assign(new Error(`The page cannot be built: ${why}`), { code: FAILED });

/** Files come before the page that names them, and those of the former page stay for a day. */
function take(draft, print) {
  const names = filesBelow(draft).map((file) => relative(draft, file));
  const isIndex = (name) => name.startsWith(INDEX);
  const now = Date.now() / 1000;
  for (const name of stamped().slice(1)) if (existsSync(join(PAGE, name))) utimesSync(join(PAGE, name), now, now);
  for (const name of names.filter((one) => !isIndex(one)).concat(names.filter(isIndex)))
    write(join(PAGE, name), readFileSync(join(draft, name)));
  removeFormer(
    ASSETS,
    names.map((name) => join(PAGE, name)),
  );
  write(STAMP, [print].concat(names).join('\n'));
}

module.exports = { FAILED, build, isFresh };
