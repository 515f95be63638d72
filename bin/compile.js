'use strict';

const { createHash } = require('crypto');
const { existsSync, readFileSync } = require('fs');
const { dirname, join, relative } = require('path');
const { bundle } = require('./bundle.js');
const { filesBelow, removeFormer, write } = require('./files.js');
const { ROOT } = require('./node.js');

const DIST = join(ROOT, 'dist');
/** The folder with the entries, and those with the files that they load and with the modules they are made of. */
const BUILT = join(DIST, 'src');
const PARTS = join(BUILT, 'parts');
const MODULES = join(DIST, 'modules');
/** Holds the fingerprint of the sources that `dist` was built from. */
const STAMP = join(DIST, '.fingerprint');
const OPTIONS = join(ROOT, '.swcrc');
/** What is installed; npm writes it. */
const PACKAGES = join(ROOT, 'node_modules', '.package-lock.json');

/** The program's sources, each with its text; empty where only `dist` was shipped. */
function sources() {
  return ['src', 'migrations']
    .map((folder) => join(ROOT, folder))
    .filter(existsSync)
    .reduce((files, folder) => files.concat(filesBelow(folder)), [])
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => ({ file, text: readFileSync(file, 'utf8') }));
}

/** Compares content, not times: checkouts and copies do not keep times. */
function fingerprint(files) {
  const hash = createHash('sha256');
  for (const file of [OPTIONS, PACKAGES].filter(existsSync)) hash.update(readFileSync(file));
  for (const own of ['compile.js', 'bundle.js', 'files.js']) hash.update(readFileSync(join(__dirname, own)));
  for (const { file, text } of files) hash.update(`\0${relative(ROOT, file)}\0${text}`);
  return hash.digest('hex');
}

/** @returns whether `dist` was built from the present sources */
function isFresh() {
  const files = sources();
  if (files.length === 0) return existsSync(BUILT);
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === fingerprint(files);
}

/** @returns what a build needs and does not find, and how to get it; `undefined`: it has all it needs */
function missing() {
  if (!existsSync(OPTIONS)) return 'its file .swcrc is missing; copy the hidden files too, and npm run build';
  try {
    // Both are a package and a program for this machine, which npm may have left out.
    require('@swc/core');
    require('esbuild').transformSync('');
    return undefined;
  } catch {
    return 'its compiler is not installed; npm ci --include=dev --include=optional && npm run build';
  }
}

/**
 * Strips types and does not check them: `npm run check` does. Then it joins the modules into what is started.
 * @returns a promise @throws Error for a source that is no TypeScript
 */
function build(say) {
  const started = Date.now();
  const files = sources();
  compile(files);
  return bundle(ROOT, join(MODULES, 'src'), BUILT).then((joined) => {
    for (const { path, content } of joined) write(path, content);
    removeFormer(
      PARTS,
      joined.map(({ path }) => path),
    );
    write(STAMP, fingerprint(files));
    say(`Built MovieMind in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  });
}

function compile(files) {
  const { transformSync } = require('@swc/core');
  for (const { file, text } of files) {
    const { code, map } = transformSync(text, { filename: file, configFile: OPTIONS, sourceMaps: true });
    const target = join(MODULES, relative(ROOT, file)).replace(/\.ts$/, '.js');
    const name = target.slice(dirname(target).length + 1);
    write(target, `${code}//# sourceMappingURL=${name}.map\n`);
    write(`${target}.map`, map);
  }
}

module.exports = { BUILT, build, isFresh, missing };
