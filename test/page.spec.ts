import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const ROOT = 'web/src';
/** The table in web/README.md, the top floor first. */
const floors = [...readFileSync('web/README.md', 'utf8').matchAll(/^\| `(\w+)\/`/gm)].map(([, folder]) => folder!);
/** They stand side by side: none knows of another. */
const VIEWS = ['ask', 'read', 'watch'];

const sources = new Map(
  readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => [file, readFileSync(join(ROOT, file), 'utf8')] as const),
);
const folderOf = (file: string) => (file.includes('/') ? file.split('/')[0]! : '.');

/** What a file imports, types too; the paths of our own files begin below web/src. */
function importsOf(file: string): string[] {
  const found = [...sources.get(file)!.matchAll(/(?:^(?:import|export)\s[^;]*?from |import\()'([^']+)'/gm)];
  return found.map(([, target]) => (target!.startsWith('.') ? normalize(join(dirname(file), target!)) : target!));
}

const having = (pattern: RegExp) => [...sources].filter(([, text]) => pattern.test(text)).map(([file]) => file);

describe('the sources of the page', () => {
  it('stand in folders that README tells of', () => {
    const folders = readdirSync(ROOT, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).sort()).toEqual([...floors].sort());
  });

  it('import downwards alone, and no view knows of another', () => {
    const isView = (folder: string) => VIEWS.includes(folder);
    const up = [...sources.keys()].flatMap((file) =>
      importsOf(file)
        .filter((target) => sources.has(target) && folderOf(target) !== folderOf(file))
        .filter((target) => {
          const [from, to] = [folderOf(file), folderOf(target)];
          return (isView(from) && isView(to)) || floors.indexOf(to) < floors.indexOf(from);
        })
        .map((target) => `${file} -> ${target}`),
    );
    expect(up).toEqual([]);
  });

  it('have one way to the server: the typed client', () => {
    const client = [...sources.keys()].filter((file) => importsOf(file).some((target) => target.includes('clients/')));
    expect(client).toEqual(['data/api.ts']);
    expect(having(/\bfetch\(|XMLHttpRequest|new (EventSource|WebSocket)\b|sendBeacon/)).toEqual(['data/api.ts']);
  });

  it('show everything as text: none makes markup or code from it', () => {
    expect(having(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function\b|srcdoc/i)).toEqual(
      [],
    );
  });

  it('keep nothing outside of the two storages, whose names say how long', () => {
    expect(having(/\b(localStorage|sessionStorage|indexedDB|document\.cookie)\b/)).toEqual(['data/storage.ts']);
    expect(having(/\bkept\.write\(/)).toEqual(['data/session.ts']);
  });

  it('name a class of styles in one view alone, since the styles of all stay once they are loaded', () => {
    const classes = VIEWS.map((view) => {
      const styles = readFileSync(join(ROOT, view, `${view}.css`), 'utf8');
      return new Set([...styles.matchAll(/^\s*\.([\w-]+)/gm)].map(([, name]) => name!));
    });
    const base = new Set(['button', 'card', 'row']);
    const twice = classes.flatMap((own, n) =>
      [...own].filter((name) => !base.has(name) && classes.slice(n + 1).some((other) => other.has(name))),
    );
    expect(twice).toEqual([]);
  });

  it('say everything in every language', () => {
    const languages = readdirSync(join(ROOT, 'words'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const [first, ...others] = languages.map(({ name }) =>
      readdirSync(join(ROOT, 'words', name)).filter((file) => file !== `${name}.ts`),
    );
    expect(languages).toHaveLength(5);
    for (const files of others) expect(files).toEqual(first);
  });
});
