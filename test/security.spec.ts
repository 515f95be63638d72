import { readFileSync } from 'node:fs';

/** Each test that SECURITY.md names, after its file. */
function namedTests(): [file: string, name: string][] {
  const text = readFileSync('SECURITY.md', 'utf8');
  const cells = [...text.matchAll(/`((?:src|test)\/\S+spec\.ts)`: ([^`|]+)/g)];
  return cells.flatMap(([, file, names]) =>
    [...names!.matchAll(/“([^”]+)”/g)].map(([, name]) => [file!, name!] as [string, string]),
  );
}

describe('SECURITY.md', () => {
  it('names tests in plenty', () => expect(namedTests().length).toBeGreaterThan(25));

  it.each(namedTests())('names a test that exists: %s, %s', (file, name) => {
    expect(readFileSync(file, 'utf8')).toContain(name);
  });

  it('leaves no risk of either list out', () => {
    const rows = [...readFileSync('SECURITY.md', 'utf8').matchAll(/^\| (API|LLM)0?(\d+) /gm)].map(
      ([, list, n]) => list! + n,
    );
    const all = ['API', 'LLM'].flatMap((list) => Array.from({ length: 10 }, (_, n) => `${list}${n + 1}`));
    expect(rows).toEqual(all);
  });
});

describe('what is installed', () => {
  it('has exact versions alone', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^(npm:\S+@)?\d+\.\d+\.\d+(-[\w.]+)?$|^file:\.?/.test(version),
    );
    expect(loose).toEqual([]);
  });
});
