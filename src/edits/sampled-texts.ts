import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { factsOf } from '../catalog/facts.js';
import { sql, sqlRow } from '../database/sql.js';
import { ENTITIES, type EntityKind, type Kind, KINDS } from '../domain/kinds.js';
import { TEXT_COLUMNS, type TextRow } from '../domain/text.dto.js';

/** Which texts are drawn from; a missing field does not narrow them. */
export interface SampleFilter {
  model?: string;
  prompt_version?: string;
  entity?: EntityKind;
}

/** A text, whose it is, and what is known of that. */
export interface SampledText {
  entity: EntityKind;
  slug: string;
  name: string;
  year: number | null;
  facts: Record<string, unknown>;
  text: TextRow;
}

type Drawn = { entity: EntityKind; id: string };
type Owner = Pick<SampledText, 'slug' | 'name' | 'year'>;

/**
 * Rows that are looked at for each one that is drawn. Pages of a table are read as a whole. Rows of one page were
 * written one after the other, so few of many are taken.
 */
const LOOKED_AT = 50;
const ALL_PERCENT = 100;

/** As of the last ANALYZE; 0 before the first one. */
const ROUGH_COUNT = `SELECT COALESCE(sum(GREATEST(reltuples, 0)), 0)::float8 AS rows
  FROM unnest($1::text[]) AS one (name) JOIN pg_class ON pg_class.oid = to_regclass(one.name)`;

/** $1: how many, $2: the share of the pages that is read, $3: the model, $4: the version of the prompts. */
const draw = (entities: EntityKind[]) => {
  const each = entities.map(
    (entity) => `SELECT '${entity}' AS entity, id FROM ${KINDS[entity].texts} AS text TABLESAMPLE SYSTEM ($2::real)
      WHERE origin = 'GENERATED' AND ($3::text IS NULL OR ai_model = $3) AND ($4::text IS NULL OR prompt_version = $4)
      AND NOT EXISTS (SELECT 1 FROM text_reviews WHERE text_id = text.id)`,
  );
  return `SELECT entity, id FROM (${each.join(' UNION ALL ')}) AS texts ORDER BY random() LIMIT $1`;
};

/** Draws stored texts at random. */
@Injectable()
export class SampledTexts {
  constructor(private readonly db: DataSource) {}

  /** Texts that a model wrote and nobody has judged, in no order; fewer than `size` where there are not more. */
  async some(size: number, filter: SampleFilter): Promise<SampledText[]> {
    const drawn = await this.drawn(size, filter);
    const found: SampledText[] = [];
    for (const one of drawn) found.push(...(await this.read(one)));
    return found;
  }

  /** A few pages suffice, as a rule. Where what is asked for is rare, all are read. */
  private async drawn(size: number, { entity, model, prompt_version }: SampleFilter): Promise<Drawn[]> {
    const entities = entity ? [entity] : ENTITIES;
    const tables = entities.map((one) => KINDS[one].texts);
    const { rows } = await sqlRow<{ rows: number }>(this.db, ROUGH_COUNT, [tables]);
    const words = [model ?? null, prompt_version ?? null];
    const few = Math.min(ALL_PERCENT, (ALL_PERCENT * LOOKED_AT * size) / Math.max(1, rows));
    const text = draw(entities);
    const some = await sql<Drawn>(this.db, text, [size, few, ...words]);
    if (some.length === size || few === ALL_PERCENT) return some;
    return sql<Drawn>(this.db, text, [size, ALL_PERCENT, ...words]);
  }

  /** @returns nothing where it was removed meanwhile */
  private async read({ entity, id }: Drawn): Promise<SampledText[]> {
    const kind = KINDS[entity];
    const [row] = await sql<TextRow & { owner: string }>(
      this.db,
      `SELECT ${TEXT_COLUMNS}, ${kind.owner} AS owner FROM ${kind.texts} WHERE id = $1`,
      [id],
    );
    if (!row) return [];
    const { owner, ...text } = row;
    const [whose] = await sql<Owner>(
      this.db,
      `SELECT slug, ${kind.text} AS name, ${kind.year} AS year FROM ${kind.table} WHERE id = $1`,
      [owner],
    );
    const facts = whose && (await this.factsOf(kind, owner));
    return facts ? [{ entity, ...whose, facts, text }] : [];
  }

  /** @returns `null` where it was removed meanwhile, which only a look afterwards tells */
  private async factsOf(kind: Kind, id: string): Promise<Record<string, unknown> | null> {
    try {
      return (await factsOf(this.db, kind, id)).facts;
    } catch (error) {
      const left = await sql(this.db, `SELECT 1 FROM ${kind.table} WHERE id = $1`, [id]);
      if (left.length > 0) throw error;
      return null;
    }
  }
}
