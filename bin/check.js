'use strict';

/** The first import of every entry: nothing else gets to run, or to fail, on a Node that is too old. */
const { suits, tooOld } = require('./node.js');

if (!suits(process.versions.node)) {
  console.error(tooOld());
  process.exit((process.argv[1] || '').endsWith('cli.js') ? 2 : 1);
}
