'use strict';

/** Every entry imports this first, so that nothing else runs or fails on a Node that is too old. */
const { suits, tooOld } = require('./node.js');

if (!suits(process.versions.node)) {
  console.error(tooOld());
  process.exit((process.argv[1] || '').endsWith('cli.js') ? 2 : 1);
}
require('./loading.js');
