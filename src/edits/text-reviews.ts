import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Doer, noteDeed } from '../audit/audit-log.js';
import { Reads } from '../database/pools.js';
import { sql, sqlRow } from '../database/sql.js';
import { inTransaction } from '../database/transaction.js';
import { ENTITIES, type EntityKind, KINDS } from '../domain/kinds.js';
import type { Origin, TextVerdict } from '../domain/vocabulary.js';
import { conflict, notFound } from '../http/problem.js';
import type { TextReview } from './text-review.entity.js';

/** What somebody says of a text. */
export interface Mark {
  verdict: TextVerdict;
  note: string | null;
}

/** How texts of one model and one version of the prompts were judged. */
export interface Verdicts {
  model: string;
  prompt_version: string | null;
  good: number;
  bad: number;
}

export const noSuchText = () => notFound('There is no text with this id.');
export const ofSomebody = () => conflict('Somebody wrote this text: only those of models are judged.');

const COLUMNS = `id, entity, text_id, slug, locale, context_tag, model, prompt_version, verdict, note, at, actor,
  api_key_id`;

/** A verdict takes the place of the one before; the same once more changes nothing, and answers no row. */
const MARK = `INSERT INTO text_reviews (id, entity, text_id, slug, locale, context_tag, model, prompt_version, verdict,
    note, actor, api_key_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
  ON CONFLICT (text_id) DO UPDATE SET id = EXCLUDED.id, verdict = EXCLUDED.verdict, note = EXCLUDED.note, at = now(),
    actor = EXCLUDED.actor, api_key_id = EXCLUDED.api_key_id
  WHERE (text_reviews.verdict, text_reviews.note) IS DISTINCT FROM (EXCLUDED.verdict, EXCLUDED.note)
  RETURNING ${COLUMNS}`;

const ONE = `SELECT ${COLUMNS} FROM text_reviews WHERE text_id = $1 FOR UPDATE`;

const PAGE = `SELECT ${COLUMNS} FROM text_reviews WHERE ($2::text IS NULL OR verdict = $2)
  AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $1`;

const SUMMARY = `SELECT model, prompt_version, count(*) FILTER (WHERE verdict = 'good')::int AS good,
    count(*) FILTER (WHERE verdict = 'bad')::int AS bad
  FROM text_reviews GROUP BY model, prompt_version ORDER BY model, prompt_version NULLS FIRST`;

/** A text that is judged. */
interface Judged {
  entity: EntityKind;
  slug: string;
  locale: string;
  context_tag: string;
  origin: Origin;
  ai_model: string;
  prompt_version: string | null;
}

/** What people think of texts. */
@Injectable()
export class TextReviews {
  constructor(
    private readonly db: DataSource,
    private readonly reads: Reads,
  ) {}

  /** @throws ProblemException 404 where there is no such text, 409 where somebody wrote it */
  mark(textId: string, { verdict, note }: Mark, doer: Doer): Promise<TextReview> {
    return inTransaction(this.db, async (tx) => {
      const text = await judged(tx, textId);
      const [before] = await sql<TextReview>(tx, ONE, [textId]);
      const { entity, slug, locale, context_tag, ai_model, prompt_version } = text;
      const about = [entity, textId, slug, locale, context_tag, ai_model, prompt_version];
      const values = [uuidv7(), ...about, verdict, note, doer.actor, doer.api_key_id];
      const [marked] = await sql<TextReview>(tx, MARK, values);
      if (!marked) return sqlRow<TextReview>(tx, ONE, [textId]);
      const was = before ? { before: before.verdict } : {};
      const details = { verdict, ...was, slug, model: ai_model, prompt_version };
      await noteDeed(tx, doer, { action: 'review_text', target_kind: 'TEXT', target: textId, details });
      return marked;
    });
  }

  /** The newest first. @param after the id of the last one of the page before */
  page(verdict: TextVerdict | undefined, limit: number, after: string | null): Promise<TextReview[]> {
    return this.reads.read((db) => sql<TextReview>(db, PAGE, [limit, verdict ?? null, after]));
  }

  /** By model, and then by version. */
  summary(): Promise<Verdicts[]> {
    return this.reads.read((db) => sql<Verdicts>(db, SUMMARY));
  }
}

async function judged(tx: EntityManager, id: string): Promise<Judged> {
  for (const entity of ENTITIES) {
    const { texts, table, owner } = KINDS[entity];
    const [text] = await sql<Judged>(
      tx,
      `SELECT '${entity}' AS entity, own.slug, text.locale, text.context_tag, text.origin, text.ai_model,
         text.prompt_version
       FROM ${texts} AS text JOIN ${table} AS own ON own.id = text.${owner} WHERE text.id = $1`,
      [id],
    );
    if (text?.origin === 'HUMAN') throw ofSomebody();
    if (text) return text;
  }
  throw noSuchText();
}
