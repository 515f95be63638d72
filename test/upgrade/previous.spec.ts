import { readFileSync } from 'node:fs';
import { RELEASED } from '../../migrations/released.js';
import { manifest, packedFiles } from './previous.js';

const majorOf = (version: string) => Number(/\d+/.exec(version)?.[0]);

describe('the packed program of the release before', () => {
  const { version, dependencies, packed } = manifest();

  it('is whole, and of a release that is written down', () => {
    const files = packedFiles();
    expect(Object.keys(files)).toEqual(expect.arrayContaining(['dist/src/main.js', 'bin/node.js', 'openapi.json']));
    expect((JSON.parse(files['package.json']!) as { version: string }).version).toBe(version);
    expect(Object.keys(RELEASED)).toContain(version);
  });

  it('finds the libraries that it does not bring: where this fails, pack it anew, with that library in PACKED', () => {
    const present = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> };
    const found = Object.entries(dependencies).filter(
      ([name, of]) => !packed.includes(name) && !of.startsWith('file:'),
    );
    const moved = found.filter(([name, of]) => majorOf(present.dependencies[name] ?? '') !== majorOf(of));
    expect(moved).toEqual([]);
  });
});
