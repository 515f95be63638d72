import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { breaking, type Document } from './breaking.ts';

interface Check {
  /** What has to be so. */
  needs: string;
  /** What is not so, a line each, with what to do. */
  check: () => string[];
}

const SBOM = 'dist/sbom.cdx.json';
const DOCUMENT = 'dist/openapi.json';
/** Terms that a program under MIT may be given away under, together with its libraries. */
const LICENCES = `0BSD Apache-2.0 BSD-2-Clause BSD-3-Clause BlueOak-1.0.0 CC0-1.0 ISC MIT MIT-0 PostgreSQL Python-2.0
  Unlicense`.split(/\s+/);
/** What is written by a command, and committed. */
const GENERATED = ['clients/typescript/src/generated', 'docs/settings.md'];

interface Ran {
  code: number | null;
  output: string;
}

function ran(command: string, ...args: string[]): Ran {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1024 ** 3 });
  return { code: status, output: status === 0 ? stdout : `${stdout}${stderr}` };
}

const git = (...args: string[]) => ran('git', ...args).output.trim();
const json = <T>(file: string) => JSON.parse(readFileSync(file, 'utf8')) as T;
const lastLines = (text: string, count = 8) => text.trim().split('\n').slice(-count);
const versionOf = (file: string) => json<{ version: string }>(file).version;
const version = versionOf('package.json');

/** The tag of the newest release; `null`: there is none, or this clone has no tags. */
function lastTag(): string | null {
  const tags = git('tag', '--list', 'v*.*.*', '--sort=-v:refname');
  return tags.split('\n')[0] || null;
}

const numbersOf = (text: string) => text.replace(/^v/, '').split(/[.-]/).slice(0, 3).map(Number);

function isNewer(one: string, other: string): boolean {
  const [left, right] = [numbersOf(one), numbersOf(other)];
  const place = left.findIndex((number, n) => number !== right[n]);
  return place >= 0 && left[place]! > right[place]!;
}

function clean(): string[] {
  const changed = git('status', '--porcelain').split('\n').filter(Boolean);
  return changed.map((line) => `${line}: commit it, or put it away`);
}

function versions(): string[] {
  const tag = lastTag();
  const [, told] = /^## (\S+)/m.exec(readFileSync('CHANGELOG.md', 'utf8')) ?? [];
  const lock = json<{ version: string; packages: Record<string, { version?: string }> }>('package-lock.json');
  const own = {
    'package-lock.json': lock.version,
    'bin in package-lock.json': lock.packages.bin?.version,
    'bin/package.json': versionOf('bin/package.json'),
    'clients/typescript/package.json': versionOf('clients/typescript/package.json'),
    ...Object.fromEntries(globSync('deploy/kubernetes/**/kustomization.yaml').flatMap(tagOf)),
  };
  const dated = new RegExp(`^## ${version.replaceAll('.', '\\.')} \\(\\d{4}-\\d\\d-\\d\\d\\)$`, 'm');
  return [
    ...(/^\d+\.\d+\.\d+$/.test(version) ? [] : [`${version} is in the making: set the version in package.json`]),
    ...(tag && !isNewer(version, tag) ? [`${version} is not newer than the last release, ${tag}: raise it`] : []),
    ...Object.entries(own).flatMap(([file, is]) => (is === version ? [] : [`${file} has ${is}: set ${version}`])),
    ...(told === version && dated.test(readFileSync('CHANGELOG.md', 'utf8'))
      ? []
      : [`CHANGELOG.md begins with ${told}: begin it with ## ${version} (year-month-day)`]),
  ];
}

function tagOf(file: string): [string, string][] {
  const [, tag] = /newTag: (\S+)/.exec(readFileSync(file, 'utf8')) ?? [];
  return tag ? [[file, tag]] : [];
}

function lockfile(): string[] {
  const { code, output } = ran('npm', 'ci', '--dry-run', '--ignore-scripts');
  return code === 0 ? [] : ['package-lock.json does not fit package.json: npm install', ...lastLines(output)];
}

function audit(): string[] {
  return [['--omit=dev'], []].flatMap((more) => {
    const { output } = ran('npm', 'audit', '--json', ...more);
    const whose = more.length > 0 ? 'what runs' : 'what runs, builds and tests';
    try {
      const { vulnerabilities } = JSON.parse(output) as { vulnerabilities: Record<string, { severity: string }> };
      return Object.entries(vulnerabilities).map(
        ([name, { severity }]) => `${name}: ${severity}, of ${whose}: update it`,
      );
    } catch {
      const why = /"message": "(.*)"/.exec(output)?.[1] ?? lastLines(output, 1)[0]!;
      return [`npm audit of ${whose} gave no answer: try again where the registry answers it (${why})`];
    }
  });
}

interface Terms {
  license?: string;
  /** As old packages have it. */
  licenses?: { type: string }[];
}

function licences(): string[] {
  const { packages } = json<{ packages: Record<string, Terms & { dev?: boolean; link?: boolean }> }>(
    'package-lock.json',
  );
  const shipped = Object.entries(packages).filter(
    ([path, one]) => path.includes('node_modules/') && !one.dev && !one.link,
  );
  const isFine = (terms: string) =>
    terms
      .replaceAll(/[()]/g, '')
      .split(' OR ')
      .some((one) => LICENCES.includes(one));
  const named = shipped.map(([path, { license }]) => [path, license ?? oldTermsOf(path)] as const);
  const others = named.filter(([, terms]) => !isFine(terms));
  return others.map(([path, terms]) => `${path}: ${terms || 'names none'}; look at it, and add it or leave it out`);
}

/** The lockfile has none of these. */
function oldTermsOf(path: string): string {
  if (!existsSync(`${path}/package.json`)) return '';
  const { licenses = [] } = json<Terms>(`${path}/package.json`);
  return licenses.map(({ type }) => type).join(' OR ');
}

function sbom(): string[] {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only'];
  const { code, output } = ran('npm', ...args);
  if (code !== 0) return ['npm sbom fails', ...lastLines(output)];
  mkdirSync('dist', { recursive: true });
  writeFileSync(SBOM, output);
  const { components } = JSON.parse(output) as { components: unknown[] };
  return components.length > 0 ? [] : [`${SBOM} is empty`];
}

function generated(): string[] {
  const before = git('status', '--porcelain', ...GENERATED);
  const failed = ['client', 'settings'].flatMap((script) => {
    const { code, output } = ran('npm', 'run', '--silent', script);
    return code === 0 ? [] : [`npm run ${script} fails`, ...lastLines(output)];
  });
  const after = git('status', '--porcelain', ...GENERATED);
  return [
    ...failed,
    ...(before === after ? [] : [`${after}: commit what npm run client, npm run settings have written`]),
  ];
}

/** Between the document of the release before and this one. Before 1.0 a minor version may break, and says so. */
function api(): string[] {
  const { code, output } = ran('npm', 'run', '--silent', 'openapi', '--', DOCUMENT);
  if (code !== 0) return ['npm run openapi fails', ...lastLines(output)];
  const packed = readFileSync('test/upgrade/previous/program.br');
  const files = JSON.parse(brotliDecompressSync(packed).toString()) as Record<string, string>;
  const lines = breaking(JSON.parse(files['openapi.json']!) as Document, json<Document>(DOCUMENT));
  const told = readFileSync('CHANGELOG.md', 'utf8').split(/^## /m)[1] ?? '';
  if (lines.length === 0 || /\*\*Breaking/.test(told)) return [];
  return [
    'clients of the release before would miss this: bring it back, or say **Breaking:** in CHANGELOG.md',
    ...lines,
  ];
}

function tests(project: string[], what: string): string[] {
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', '-w', '2'];
  const args = [...jest, '--selectProjects', ...project, '--testPathPatterns', 'test/upgrade'];
  const built = ran(process.execPath, 'bin/build.js');
  const { code, output } = built.code === 0 ? ran(process.execPath, ...args) : built;
  return code === 0 ? [] : [what, ...lastLines(output, 11)];
}

const EXPANDS = 'a released migration was edited, or a new one is no upgrade while others run: see CONTRIBUTING.md';
const BESIDE = 'the release before does not live beside this one: see docs/upgrade.md';

/** By their names, the quick ones first. */
export const CHECKS: Record<string, Check> = {
  tree: { needs: 'all is committed', check: clean },
  version: { needs: 'one version, newer than the last, with a date in CHANGELOG.md', check: versions },
  lockfile: { needs: 'package-lock.json fits package.json', check: lockfile },
  licences: { needs: 'libraries may be given away with the program', check: licences },
  sbom: { needs: `${SBOM} lists what runs`, check: sbom },
  audit: { needs: 'no library is known to be vulnerable', check: audit },
  generated: { needs: 'client and settings are those of the program', check: generated },
  api: { needs: 'clients of the release before go on', check: api },
  migrations: { needs: 'released ones stay, new ones add', check: () => tests(['unit'], EXPANDS) },
  upgrade: { needs: 'the release before runs beside', check: () => tests(['e2e-database', 'e2e-redis'], BESIDE) },
};
