import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RELEASED } from '../migrations/released.ts';

/** A migration as its file has it. */
export interface MigrationFile {
  /** Of its class, as databases know it. */
  name: string;
  file: string;
  text: string;
  sha256: string;
}

const TARGET = 'migrations/released.ts';
const FILE = /^\d{13}-[a-z0-9-]+\.ts$/;

/** All migrations of a folder, oldest first. */
export function migrationsIn(folder: string): MigrationFile[] {
  const files = readdirSync(folder)
    .filter((file) => FILE.test(file))
    .sort();
  return files.map((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const name = /^export class (\w+) implements MigrationInterface/m.exec(text)![1]!;
    return { name, file, text, sha256: createHash('sha256').update(text).digest('hex') };
  });
}

/** Those that no release has brought so far. */
export const unreleased = (migrations: MigrationFile[]): MigrationFile[] =>
  migrations.filter(({ name }) => !Object.values(RELEASED).some((release) => name in release));

/** What is not any more as a release has brought it, a line each. */
export function editedSince(migrations: MigrationFile[]): string[] {
  return Object.entries(RELEASED).flatMap(([version, released]) =>
    Object.entries(released).flatMap(([name, sha256]) => {
      const found = migrations.find((one) => one.name === name);
      if (!found) return [`${name} of ${version} is gone`];
      return found.sha256 === sha256 ? [] : [`${found.file} is not as ${version} has released it`];
    }),
  );
}

/** Writes down the migrations of a folder that no release before has. @returns how many there are */
export function addRelease(version: string, folder: string): number {
  const others = Object.entries(RELEASED).filter(([one]) => one !== version);
  const isKnown = (name: string) => others.some(([, release]) => name in release);
  const added = migrationsIn(folder).filter(({ name }) => !isKnown(name));
  const lines = added.map(({ name, sha256 }) => `    ${name}: '${sha256}',`);
  const text = readFileSync(TARGET, 'utf8');
  const [head] = /^[\s\S]*?= \{\n/.exec(text)!;
  const releases = [...others, [version, null] as const].map(([one, release]) => {
    const own = release && Object.entries(release).map(([name, sha256]) => `    ${name}: '${sha256}',`);
    return [`  '${one}': {`, ...(own ?? lines), '  },'].join('\n');
  });
  writeFileSync(TARGET, `${head}${releases.join('\n')}\n};\n`);
  return added.length;
}
