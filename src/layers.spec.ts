import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

/** The picture in ARCHITECTURE.md, the top floor first. */
const FLOORS = /```floors\n([\s\S]*?)```/.exec(readFileSync('ARCHITECTURE.md', 'utf8'))![1]!;
const floors = FLOORS.trim()
  .split('\n')
  .map((line) => line.split('#')[0]!.trim().split(/\s+/));
/** 0 is the top. What stands in src/ itself starts the program, and stands above all. */
const floorOf = (folder: string) => (folder === '.' ? -1 : floors.findIndex((folders) => folders.includes(folder)));

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'),
);
const folderOf = (file: string) => file.split('/').slice(0, -1)[0] ?? '.';

/** What a file imports, types too, by its path below src/. */
const imports = new Map(
  files.map((file) => {
    const text = readFileSync(join('src', file), 'utf8');
    const found = [...text.matchAll(/^(?:import|export)\s[^;]*?from '(\.[^']+)\.js'|import\('(\.[^']+)\.js'\)/gm)];
    const targets = found.map(([, first, second]) => normalize(join(dirname(file), `${first ?? second}.ts`)));
    return [file, targets.filter((target) => !target.startsWith('..'))] as const;
  }),
);

describe('the floors of src', () => {
  it('are all that there is, each folder on one of them', () => {
    const folders = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(floors.flat().sort()).toEqual(folders.map(({ name }) => name).sort());
  });

  it('are imported from above alone', () => {
    const up = [...imports].flatMap(([file, targets]) =>
      targets
        .filter((target) => folderOf(target) !== folderOf(file) && floorOf(folderOf(target)) <= floorOf(folderOf(file)))
        .map((target) => `${file} -> ${target}`),
    );
    expect(up).toEqual([]);
  });

  it('have no circle of files', () => {
    const circles: string[] = [];
    const done = new Set<string>();
    const visit = (file: string, path: string[]): void => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
      if (path.includes(file) || done.has(file)) return;
      for (const target of imports.get(file) ?? []) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });

  it('are found as they are: every import leads to a file', () => {
    const missing = [...imports].flatMap(([file, targets]) =>
      targets.filter((target) => !imports.has(target)).map((target) => `${file} -> ${relative('.', target)}`),
    );
    expect(missing).toEqual([]);
  });

  it('leave to workers and terminals what only they need: no other server loads it at its start', () => {
    const LATER = [
      'openai',
      'undici',
      'sanitize-html',
      'ajv',
      'pino-pretty',
      '@opentelemetry/api',
      '@opentelemetry/sdk-trace',
    ];
    const loaded = new Set<string>();
    const libraries = new Set<string>();
    const load = (file: string): void => {
      if (loaded.has(file)) return;
      loaded.add(file);
      const text = readFileSync(join('src', file), 'utf8');
      for (const [, target] of text.matchAll(/^(?:import|export)\s(?!type\s)[^;]*?from '([^']+)'/gm)) {
        if (target!.startsWith('.')) load(normalize(join(dirname(file), target!.replace(/\.js$/, '.ts'))));
        else libraries.add(target!);
      }
    };
    load('main.ts');
    load('server/server.ts');
    expect([...libraries]).toEqual(expect.arrayContaining(['@nestjs/core', 'typeorm']));
    expect(LATER.filter((library) => libraries.has(library))).toEqual([]);
  });

  it('have one that changes jobs: the ledger', () => {
    const changes = /(INSERT INTO|UPDATE|DELETE FROM)\s+generation_jobs\b/;
    const outside = files.filter((file) => changes.test(readFileSync(join('src', file), 'utf8')));
    expect(outside.filter((file) => folderOf(file) !== 'ledger')).toEqual([]);
  });
});
