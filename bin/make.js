'use strict';

/** All that is built: the program, and the page that its server shows. What is up to date is left as it is. */
const page = require('./page.js');
const program = require('./compile.js');

const isFresh = () => program.isFresh() && page.isFresh();

/** @returns what the build of the program needs and does not find; `undefined`: it has all it needs */
const missing = () => (program.isFresh() ? undefined : program.missing());

/** Builds both at the same time. @returns a promise @throws Error for a source that cannot be built */
function build(say) {
  // First, because it is a process of its own: compiling keeps this one busy.
  const pageBuilt = page.isFresh() ? Promise.resolve() : page.build(say);
  // Said below; until then nobody else listens to it.
  pageBuilt.catch(() => undefined);
  const programBuilt = program.isFresh() ? Promise.resolve() : Promise.resolve().then(() => program.build(say));
  return programBuilt.then(() => pageBuilt);
}

module.exports = { PAGE_FAILED: page.FAILED, build, isFresh, missing };
