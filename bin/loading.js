'use strict';

/**
 * How the program's files are loaded. An older Node lacks these functions, and starts without them.
 * Compiled code is kept beside what is built, so that only the first start compiles it. A folder that cannot be written
 * leaves it as it was.
 */
const { join } = require('path');
const loader = require('module');
const { ROOT } = require('./node.js');

// Traces of errors name lines of the sources. Those of libraries name what is installed.
if (loader.setSourceMapsSupport) loader.setSourceMapsSupport(true, { nodeModules: false });
if (loader.enableCompileCache && !loader.getCompileCacheDir())
  loader.enableCompileCache(join(ROOT, 'dist', '.compiled'));
