'use strict';

/** How files of a build are found, told apart and written, of the program and of the page alike. */
const { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } = require('fs');
const { dirname, join } = require('path');

/** A server that runs, or a page that is open, may still load a file of a former build, milliseconds. */
const KEPT_MS = 24 * 60 * 60 * 1000;

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).reduce((files, entry) => {
    const path = join(folder, entry.name);
    return files.concat(entry.isDirectory() ? filesBelow(path) : path);
  }, []);
}

/** Writes in one step, because another process may build or run the same at this moment. */
function write(target, text) {
  if (existsSync(target) && readFileSync(target).equals(Buffer.from(text))) return;
  mkdirSync(dirname(target), { recursive: true });
  const draft = `${target}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, target);
}

/** Removes the files of a folder that former builds have left there long ago. */
function removeFormer(folder, present) {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (present.includes(path)) continue;
    try {
      if (Date.now() - statSync(path).mtimeMs > KEPT_MS) rmSync(path);
    } catch (error) {
      // Another process that builds has removed it, or finished its draft.
      if (error.code !== 'ENOENT') throw error;
    }
  }
}

module.exports = { filesBelow, removeFormer, write };
