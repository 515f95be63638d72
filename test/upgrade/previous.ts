import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

/** `npm run release:pack` writes it; `PREVIOUS` names another folder that `--out` has written, for a trial. */
export const PACK = process.env.PREVIOUS ?? 'test/upgrade/previous';

export interface Manifest {
  version: string;
  commit: string;
  sha256: string;
  /** Libraries that are in the pack. The others are taken from what is installed. */
  packed: string[];
  /** Of its package.json. */
  dependencies: Record<string, string>;
}

export const manifest = (): Manifest => JSON.parse(readFileSync(join(PACK, 'manifest.json'), 'utf8')) as Manifest;

/** Files of the pack, by their paths. @throws Error for one that is damaged */
export function packedFiles(): Record<string, string> {
  const packed = readFileSync(join(PACK, 'program.br'));
  const sha256 = createHash('sha256').update(packed).digest('hex');
  if (sha256 !== manifest().sha256) throw new Error(`${PACK}/program.br is not that of its manifest`);
  return JSON.parse(brotliDecompressSync(packed).toString()) as Record<string, string>;
}

/** The program of the release before, unpacked, on the libraries that are installed here. */
export class Previous {
  readonly folder = mkdtempSync(join(tmpdir(), 'moviemind-previous-'));
  readonly main = join(this.folder, 'dist/src/main.js');

  constructor() {
    for (const [path, text] of Object.entries(packedFiles())) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), text);
    }
    const packages = join(this.folder, 'node_modules');
    mkdirSync(packages);
    for (const name of readdirSync('node_modules').filter((one) => one !== 'moviemind-command' && one !== '.bin'))
      symlinkSync(resolve('node_modules', name), join(packages, name));
    // As npm links it.
    symlinkSync('../bin', join(packages, 'moviemind-command'));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
