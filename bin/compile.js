'use strict';

const { createHash } = require('crypto');
const { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } = require('fs');
const { dirname, join, relative } = require('path');
const { ROOT } = require('./node.js');

const DIST = join(ROOT, 'dist');
/** The folder with the entries. */
const BUILT = join(DIST, 'src');
/** Holds the fingerprint of the sources that `dist` was built from. */
const STAMP = join(DIST, '.fingerprint');
const OPTIONS = join(ROOT, '.swcrc');

/** The program's sources, each with its text; empty where only `dist` was shipped. */
function sources() {
  return ['src', 'migrations']
    .map((folder) => join(ROOT, folder))
    .filter(existsSync)
    .reduce((files, folder) => files.concat(filesBelow(folder)), [])
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => ({ file, text: readFileSync(file, 'utf8') }));
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).reduce((files, entry) => {
    const path = join(folder, entry.name);
    return files.concat(entry.isDirectory() ? filesBelow(path) : path);
  }, []);
}

/** Compares content, not times: checkouts and copies do not keep times. */
function fingerprint(files) {
  const options = existsSync(OPTIONS) ? readFileSync(OPTIONS) : '';
  const hash = createHash('sha256').update(options).update(readFileSync(__filename));
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
    require.resolve('@swc/core');
    return undefined;
  } catch {
    return 'its compiler is not installed; npm ci --include=dev && npm run build';
  }
}

/** Strips types and does not check them: `npm run check` does. @throws Error for a source that is no TypeScript */
function build(say) {
  const started = Date.now();
  const { transformSync } = require('@swc/core');
  const files = sources();
  for (const { file, text } of files) {
    const { code, map } = transformSync(text, { filename: file, configFile: OPTIONS, sourceMaps: true });
    const target = join(DIST, relative(ROOT, file)).replace(/\.ts$/, '.js');
    const name = target.slice(dirname(target).length + 1);
    write(target, `${code}//# sourceMappingURL=${name}.map\n`);
    write(`${target}.map`, map);
  }
  write(STAMP, fingerprint(files));
  say(`Built MovieMind in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/** Writes in one step, because another process may build or run the same at this moment. */
function write(target, text) {
  if (existsSync(target) && readFileSync(target, 'utf8') === text) return;
  mkdirSync(dirname(target), { recursive: true });
  const draft = `${target}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, target);
}

module.exports = { BUILT, build, isFresh, missing };
