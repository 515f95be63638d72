'use strict';

const { build, isFresh, missing } = require('./compile.js');

/**
 * `npm run build`: builds what is not up to date. With --if-possible (npm's `prepare`) nothing is said of it, and a
 * missing compiler is no failure: an installation without development dependencies runs it too.
 */
const ifPossible = process.argv[2] === '--if-possible';
if (!isFresh()) {
  const why = missing();
  if (why) {
    console.error(`MovieMind cannot be built: ${why}`);
    process.exitCode = ifPossible ? 0 : 1;
  } else {
    build((line) => ifPossible || console.error(line));
  }
}
