'use strict';

const { build, isFresh, missing } = require('./make.js');

/**
 * `npm run build`: builds what is not up to date. With --if-possible (npm's `prepare`) it prints nothing, and a missing
 * compiler is no failure: npm also runs it in installations without development dependencies.
 */
const ifPossible = process.argv[2] === '--if-possible';
if (!isFresh()) {
  const why = missing();
  if (why) {
    console.error(`MovieMind cannot be built: ${why}`);
    process.exitCode = ifPossible ? 0 : 1;
  } else {
    build((line) => ifPossible || console.error(line)).catch((error) => {
      console.error(error);
      process.exitCode = 1;
    });
  }
}
