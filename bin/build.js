'use strict';

const { MISSING, build, canBuild, isFresh } = require('./compile.js');

/**
 * `npm run build`: builds what is not up to date. With --if-possible (npm's `prepare`) nothing is said of it, and a missing
 * compiler is no failure: an installation without development dependencies runs it too.
 */
const ifPossible = process.argv[2] === '--if-possible';
if (!isFresh()) {
  if (canBuild()) {
    build((line) => ifPossible || console.error(line));
  } else {
    console.error(`MovieMind cannot be built: ${MISSING}`);
    process.exitCode = ifPossible ? 0 : 1;
  }
}
