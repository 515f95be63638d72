'use strict';

/** Run by page.js: has Vite write the page into the folder named, and adds the compressed form of its files. */
const { readFileSync, writeFileSync } = require('fs');
const { join } = require('path');
const { brotliCompressSync, gzipSync } = require('zlib');
const { filesBelow } = require('./files.js');
const { ROOT } = require('./node.js');

/** Below that, compression saves no packet, bytes. */
const LEAST = 1024;
const NO_VITE = 3;
const draft = process.argv[2];

import('vite')
  .catch(() => process.exit(NO_VITE))
  .then(({ build }) =>
    build({
      configFile: join(ROOT, 'web', 'vite.config.ts'),
      // Its other loaders write into node_modules, which may belong to another user.
      configLoader: 'runner',
      logLevel: 'warn',
      build: { outDir: draft, emptyOutDir: true },
    }),
  )
  .then(() => filesBelow(draft).forEach(compress))
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });

/** The answer of a server that has these files costs no processor. */
function compress(file) {
  const content = readFileSync(file);
  if (content.length <= LEAST) return;
  writeFileSync(`${file}.br`, brotliCompressSync(content));
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
}
