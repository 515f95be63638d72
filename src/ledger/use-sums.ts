import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Database, sql } from '../database/sql.js';
import type { UsesBy } from '../domain/vocabulary.js';
import { SUMS, TODAY } from './uses.js';

const COLUMNS: Record<UsesBy, string> = {
  day: 'day::text',
  key: 'api_key_id::text',
  model: 'model',
  entity: 'entity',
  prompt: 'prompt_version',
};

export interface Uses {
  calls: number;
  input_tokens: number;
  output_tokens: number;
  duration_ms: number;
  /** `null`: a model has no price. */
  cost: number | null;
}

/** Those of one group; `value` is `null` for jobs without a key, and where no version of the prompts is known. */
export type UsesOfGroup = Uses & { value: string | null; name: string | null; is_total: boolean };

/** What rows of one group have in common. */
const GROUP = 'day, api_key_id, model, entity, prompt_version';
/** Rows of a group that are added up are more than this: below that it is not worth a write. */
const FEW = 50;
/** Most rows that one statement adds up. */
const MOST = 20_000;
/** For so many days rows may still come: a worker may tell late what it used. */
const DAYS = 2;

/** What the calls of models took: sums for operators. */
@Injectable()
export class UseSums {
  constructor(private readonly db: DataSource) {}

  /** @returns each group, days in their order and others by what they took; then the total */
  async by(group: UsesBy, from: string, to: string, db: Database = this.db): Promise<UsesOfGroup[]> {
    const order = group === 'day' ? 'value' : 'sum(input_tokens + output_tokens) DESC, value';
    return sql<UsesOfGroup>(
      db,
      `WITH used AS (SELECT ${COLUMNS[group]} AS value, * FROM model_uses WHERE day BETWEEN $1::date AND $2::date),
        summed (value, is_total, calls, input_tokens, output_tokens, duration_ms, cost, place) AS (
          SELECT value, grouping(value) = 1, ${SUMS}, row_number() OVER (ORDER BY grouping(value), ${order})
          FROM used GROUP BY GROUPING SETS ((value), ()))
       SELECT value, is_total, COALESCE(calls, 0)::float8 AS calls, COALESCE(input_tokens, 0)::float8 AS input_tokens,
         COALESCE(output_tokens, 0)::float8 AS output_tokens, COALESCE(duration_ms, 0)::float8 AS duration_ms,
         cost::float8, key.name
       FROM summed LEFT JOIN api_keys AS key ON key.id::text = value ORDER BY place`,
      [from, to],
    );
  }

  /** Adds up rows of one group, so that sums stay cheap: tries write a row each, about. */
  async fold(): Promise<void> {
    await sql(
      this.db,
      `WITH many AS (SELECT ${GROUP} FROM model_uses WHERE day > ${TODAY} - ${DAYS}
          GROUP BY ${GROUP} HAVING count(*) > ${FEW}),
        taken AS MATERIALIZED (SELECT one.id FROM model_uses AS one JOIN many ON one.day = many.day
          AND one.model = many.model AND one.entity = many.entity
          AND one.api_key_id IS NOT DISTINCT FROM many.api_key_id
          AND one.prompt_version IS NOT DISTINCT FROM many.prompt_version
          LIMIT ${MOST} FOR UPDATE OF one SKIP LOCKED),
        folded AS (DELETE FROM model_uses WHERE id IN (SELECT id FROM taken) RETURNING *)
       INSERT INTO model_uses (${GROUP}, noted_at, calls, input_tokens, output_tokens, duration_ms, cost)
        SELECT ${GROUP}, max(noted_at), ${SUMS} FROM folded GROUP BY ${GROUP}`,
    );
  }
}
