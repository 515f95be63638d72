import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { settingsDocument } from '../src/config/settings-document.js';

const PAGES = globSync('docs/*.md').sort();
const DOCUMENTS = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', ...PAGES];
const ALL = [...DOCUMENTS, 'clients/typescript/README.md', 'test/README.md'];
/** Held to the rules of words: those that are read from the first line to the last. */
const PROSE = [...DOCUMENTS.filter((file) => file !== 'SECURITY.md'), 'test/README.md'];
const LONGEST_SENTENCE = 25;
const LONGEST_LINE = 120;

const textOf = (file: string) => readFileSync(file, 'utf8');
const withoutCode = (text: string) => text.replaceAll(/```[\s\S]*?```/g, '\n');
const wordsIn = (text: string) => text.split(/\s+/).filter((word) => /\p{L}|\d/u.test(word));

/** Sentences of paragraphs, items and cells; what is code counts as one word. */
function sentencesOf(text: string): string[] {
  const plain = withoutCode(text)
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/`[^`]*`/g, 'Code');
  const blocks = plain.split(/\n\s*\n|\n(?=\s*(?:[-#]|\d+\.) )|\|/);
  return blocks.flatMap((block) => block.replaceAll(/\s+/g, ' ').split(/(?<=[.!?]["”)]*) (?=["“(_]?[\p{Lu}\d])/u));
}

/** The anchor that a heading has on the pages that show Markdown. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\d\s_-]/gu, '')
    .replaceAll(/\s/g, '-');
const anchorsOf = (file: string) =>
  [...withoutCode(textOf(file)).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading!));

/** Where a link of a document leads, when it leads to nothing. */
function brokenLinks(file: string): string[] {
  const links = [...withoutCode(textOf(file)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
  return links.filter((link) => {
    if (/^https?:/.test(link)) return false;
    const [path, anchor] = link.split('#');
    const target = path ? join(dirname(file), path) : file;
    return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
  });
}

const SOURCES = globSync('{src,test,bin,migrations,release,bench,eval,clients,deploy,docs,docker,examples}/**/*', {
  exclude: (name) => name === 'node_modules',
});
const NAMES = new Set([...SOURCES, ...globSync('*'), ...globSync('.*')].map((file) => basename(file)));
/** Files that a running program writes, or a reader is to make. */
const ELSEWHERE = [
  'server.json',
  'postmaster.pid',
  '.env',
  '.data/',
  'openapi.json',
  'openapi-3.0.json',
  'results.json',
  'postgresql.conf',
  'postgresql.auto.conf',
];
const FILE = /^[\w.-]+\.(?:ts|mjs|js|md|json|yml|conf|csv|sh)$/;
const FOLDERS =
  /^(?:src|test|bin|migrations|release|bench|eval|clients|deploy|docs|docker|examples)(?:\/[\w.*-]+)*\/?$/;

/** What stands in `code` and looks like a file or folder of this project, and is none. */
function missingPaths(file: string): string[] {
  const named = [...withoutCode(textOf(file)).matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!);
  return named.filter((path) => {
    if (ELSEWHERE.includes(path) || existsSync(join('node_modules', path))) return false;
    const here = join(dirname(file), path);
    if (FOLDERS.test(path)) return globSync([path, `${path}.*`, here]).length === 0;
    return FILE.test(path) && !path.startsWith('package') && !NAMES.has(path);
  });
}

/** Commands of npm that a document names, and package.json has not. */
function missingScripts(file: string): string[] {
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
  const named = [...textOf(file).matchAll(/npm run (?:--silent |-s )?([\w:-]+)/g)].map(([, name]) => name!);
  return named.filter((name) => !(name in scripts));
}

describe('the documents', () => {
  it('are short where a reader begins', () => {
    const sizes = ['README.md', 'ARCHITECTURE.md'].map((file) => statSync(file).size);
    expect(sizes[0]).toBeLessThanOrEqual(8000);
    expect(sizes[1]).toBeLessThanOrEqual(9000);
  });

  it('are all found from the README', () => {
    const linked = [...textOf('README.md').matchAll(/\]\(([^)#\s]+)\)/g)].map(([, link]) => link);
    expect(linked).toEqual(expect.arrayContaining(DOCUMENTS.filter((file) => file !== 'README.md')));
  });

  it.each(ALL)('%s: its links lead somewhere, and its files, folders and commands exist', (file) => {
    expect({ links: brokenLinks(file), paths: missingPaths(file), scripts: missingScripts(file) }).toEqual({
      links: [],
      paths: [],
      scripts: [],
    });
  });

  it.each(PROSE)(`%s: no sentence has more than ${LONGEST_SENTENCE} words`, (file) => {
    expect(sentencesOf(textOf(file)).filter((sentence) => wordsIn(sentence).length > LONGEST_SENTENCE)).toEqual([]);
  });

  it.each(PROSE)(`%s: no line outside of tables has more than ${LONGEST_LINE} letters`, (file) => {
    const lines = textOf(file).split('\n');
    expect(lines.filter((line) => !line.startsWith('|') && [...line].length > LONGEST_LINE)).toEqual([]);
  });
});

describe('docs/settings.md', () => {
  it('says what the program says: npm run settings writes it', () => {
    expect(textOf('docs/settings.md')).toBe(settingsDocument());
  });
});

describe('CHANGELOG.md', () => {
  it('begins with the version of package.json and its day, or with what is not released yet', () => {
    const { version } = JSON.parse(textOf('package.json')) as { version: string };
    const [, first] = /^## (.+)$/m.exec(textOf('CHANGELOG.md'))!;
    const dated = first!.replace(/ \(\d{4}-\d\d-\d\d\)$/, ' (its day)');
    expect(dated).toBe(version.endsWith('-dev') ? 'Unreleased' : `${version} (its day)`);
  });
});

describe('docs/decisions.md', () => {
  const { dependencies, devDependencies } = JSON.parse(textOf('package.json')) as Record<string, object>;
  const installed = Object.keys({ ...dependencies, ...devDependencies });
  const [, libraries] = textOf('docs/decisions.md').split('\n## Libraries\n');
  const named = [...libraries!.matchAll(/^\|([^|]+)\|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!),
  );

  it('names no library that is not installed', () => {
    const unknown = named.filter((name) => !installed.some((one) => one === name || `${one.split('/')[0]}/*` === name));
    expect(unknown).toEqual([]);
  });

  it('gives each record its reason, what was decided, its price and its place in the code', () => {
    const [, ...records] = textOf('docs/decisions.md').split('\n## Libraries\n')[0]!.split('\n### ');
    expect(records.length).toBeGreaterThan(40);
    const parts = ['Why', 'What', 'Price', 'Code'].map((part) => `- **${part}:**`);
    const lacking = records.filter((record) => !parts.every((part) => record.includes(part)));
    expect(lacking.map((record) => record.split('\n')[0])).toEqual([]);
  });
});
