import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants } from 'node:zlib';
import { build, type Plugin } from 'esbuild';
import { FORM, NAME, OWN_REQUIRE } from '../bin/bundle.js';
import { addRelease } from './migrations.ts';

const HELP = `npm run release:pack [-- <commit>]

Packs the program of a commit (default: HEAD) as the release before, for the
tests of the upgrade: test/upgrade/previous/. Writes down the migrations that it
has, in migrations/released.ts. Run it on the commit of a release, and commit
what it writes: from then on the next release is in the making.`;

const TARGET = 'test/upgrade/previous';
/** What the program is made of, beside its modules. */
const PARTS = ['bin', 'src', 'migrations', 'package.json', '.swcrc'];
const ENTRIES = ['main', 'migrate'];
const KEPT = ['package.json', 'bin/package.json', 'bin/check.js', 'bin/loading.js', 'bin/node.js'];
/**
 * Libraries that stand in the pack, with all that they use: what they write into Redis and into the queue's tables is
 * theirs. Others are taken from what is installed.
 */
const PACKED = ['bullmq', '@nestjs/bullmq', '@bull-board/api', '@bull-board/fastify', 'ioredis'];
/** Of what those use: there may be one of each in a process. */
const SHARED = ['@nestjs/common', '@nestjs/core', 'fastify', 'pg', 'reflect-metadata', 'rxjs', '@bull-board/ui'];

const packages: Plugin = {
  name: 'packages',
  setup(bundler) {
    bundler.onResolve({ filter: NAME }, async ({ path, pluginData, ...from }) => {
      if (pluginData === 'asked' || path.startsWith('node:')) return undefined;
      const [name] = NAME.exec(path)!;
      const isOfPacked = /[\\/]node_modules[\\/]/.test(from.importer);
      if (isOfPacked ? SHARED.includes(name) : !PACKED.includes(name)) return { path, external: true };
      const { resolveDir, kind, importer } = from;
      const found = await bundler.resolve(path, { resolveDir, kind, importer, pluginData: 'asked' });
      // Libraries also name packages that they can do without.
      return found.errors.length > 0 ? { path, external: true } : found;
    });
    bundler.onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(OWN_REQUIRE, ''),
      loader: 'js',
    }));
  },
};

/** The sources of a commit, with what is installed here, built. */
function checkout(commit: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'moviemind-pack-'));
  const archive = execFileSync('git', ['archive', '--format=tar', commit, ...PARTS], { maxBuffer: 1024 ** 3 });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync('node_modules').filter((one) => one !== 'moviemind-command'))
    symlinkSync(resolve('node_modules', name), join(folder, 'node_modules', name));
  symlinkSync('../bin', join(folder, 'node_modules/moviemind-command'));
  execFileSync(process.execPath, ['-e', `require('./bin/compile.js').build(() => 0)`], { cwd: folder });
  return folder;
}

/** The program in a few files, by their paths. */
async function filesOf(folder: string): Promise<Record<string, string>> {
  const { outputFiles } = await build({
    ...FORM,
    absWorkingDir: folder,
    entryPoints: ENTRIES.map((entry) => `dist/modules/src/${entry}.js`),
    outdir: join(folder, 'dist/src'),
    legalComments: 'none',
    plugins: [packages],
  });
  const built = outputFiles.map(({ path, text }) => [relative(folder, path), text]);
  const kept = KEPT.map((path) => [path, readFileSync(join(folder, path), 'utf8')]);
  execFileSync(process.execPath, ['dist/src/describe.js', 'openapi.json'], { cwd: folder });
  const document = readFileSync(join(folder, 'openapi.json'), 'utf8');
  return Object.fromEntries([...kept, ...built, ['openapi.json', document]]) as Record<string, string>;
}

async function pack(commit: string, out?: string): Promise<void> {
  const target = out ?? TARGET;
  const folder = checkout(commit);
  try {
    const files = await filesOf(folder);
    const text = Buffer.from(JSON.stringify(files));
    const { BROTLI_PARAM_QUALITY: quality, BROTLI_PARAM_LGWIN: window, BROTLI_PARAM_SIZE_HINT: hint } = constants;
    const packed = brotliCompressSync(text, { params: { [quality]: 11, [window]: 24, [hint]: text.length } });
    const { version, dependencies } = JSON.parse(files['package.json']!) as {
      version: string;
      dependencies: Record<string, string>;
    };
    const sha256 = createHash('sha256').update(packed).digest('hex');
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, 'program.br'), packed);
    const manifest = { version, commit, sha256, packed: PACKED, dependencies };
    writeFileSync(join(target, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    console.log(`Packed ${version} of ${commit.slice(0, 9)}: ${Math.round(packed.length / 1024)} KiB in ${target}`);
    if (out !== undefined) return;
    const added = addRelease(version, join(folder, 'migrations'));
    console.log(`Wrote down ${added} migrations of ${version} in migrations/released.ts`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { help: { type: 'boolean', short: 'h' }, out: { type: 'string' } },
});
if (values.help) console.log(HELP);
else {
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim();
  await pack(git('rev-parse', `${positionals[0] ?? 'HEAD'}^{commit}`), values.out);
}
