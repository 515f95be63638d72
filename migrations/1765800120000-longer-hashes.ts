import { createHash } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A second text with the same hash of eight digits is found in a third of a second; with sixteen it is not. */
const SHORT = 8;
const LONG = 16;
/** Longest base; within it the words are cut to make room for the hash. */
const MAX_BASE = 240;
const PAGE = 1000;

const TABLES = [
  { table: 'movies', base: 'title_slug', text: 'title' },
  { table: 'people', base: 'name_slug', text: 'name' },
  { table: 'genres', base: 'slug', text: 'name' },
] as const;

interface Row {
  id: string;
  text: string;
  base: string;
  slug: string;
}

const hashOf = (text: string, digits: number) =>
  createHash('sha256').update(text.normalize('NFC').trim().toLowerCase()).digest('hex').slice(0, digits);

/** The slug or base with a hash of the other length; `null`: it has no hash. */
function rehashed(slug: string, text: string, from: number, to: number): string | null {
  const place = slug.indexOf(`-${hashOf(text, from)}`);
  if (place < 0) return null;
  const rest = slug.slice(place + 1 + from);
  if (!/^(-\d{4})?$/.test(rest)) return null;
  const words = slug.slice(0, Math.min(place, MAX_BASE - to - 1)).replace(/-$/, '');
  return `${words}-${hashOf(text, to)}${rest}`;
}

async function rehash(queryRunner: QueryRunner, from: number, to: number): Promise<void> {
  for (const { table, base, text } of TABLES) {
    for (let after: string | null = null; ;) {
      const rows = (await queryRunner.query(
        `SELECT id, ${text} AS text, ${base} AS base, slug FROM ${table}
         WHERE ($1::uuid IS NULL OR id > $1) AND slug ~ $2 ORDER BY id LIMIT ${PAGE}`,
        [after, `-[0-9a-f]{${from}}(-[0-9]{4})?$`],
      )) as Row[];
      for (const row of rows) {
        const slug = rehashed(row.slug, row.text, from, to);
        if (slug === null) continue;
        const changed = rehashed(row.base, row.text, from, to) ?? row.base;
        const values = base === 'slug' ? [row.id, slug] : [row.id, slug, changed];
        const more = base === 'slug' ? '' : `, ${base} = $3`;
        await queryRunner.query(`UPDATE ${table} SET slug = $2${more} WHERE id = $1`, values);
      }
      if (rows.length < PAGE) break;
      after = rows.at(-1)!.id;
    }
  }
}

/** Slugs that need a hash get a longer one; the shorter one still finds them (src/catalog/names.ts). */
export class LongerHashes1765800120000 implements MigrationInterface {
  name = 'LongerHashes1765800120000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await rehash(queryRunner, SHORT, LONG);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await rehash(queryRunner, LONG, SHORT);
  }
}
