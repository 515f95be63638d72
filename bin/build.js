'use strict';

const { MISSING, build, canBuild, isFresh } = require('./compile.js');

/**
 * `npm run build`: builds what is not up to date. With --if-possible (npm's `prepare`, which an installation without
 * development dependencies runs too) a missing compiler is no failure.
 */
if (!isFresh()) {
  if (canBuild()) {
    build((line) => console.error(line));
  } else {
    console.error(MISSING);
    process.exitCode = process.argv[2] === '--if-possible' ? 0 : 1;
  }
}
