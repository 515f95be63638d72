import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import { unpin } from '../catalog/store.js';
import { sql, sqlRow } from '../database/sql.js';
import { inTransaction } from '../database/transaction.js';
import type { Kind } from '../domain/kinds.js';
import { CURRENT_FIRST, TEXT_COLUMNS, type TextDto, textDto, type TextRow } from '../domain/text.dto.js';
import type { ContextTag, Locale } from '../domain/vocabulary.js';
import { conflict, malformed, notFound, unprocessable } from '../http/problem.js';
import type { Edit } from '../audit/actions.js';
import { type Doer, noteDeed } from '../audit/audit-log.js';
import { type EditedRow, entityOf, lockOne } from './edited-row.js';

/** A text that somebody wrote. */
export interface OwnText {
  locale: Locale;
  context_tag: ContextTag;
  text: string;
  /** The version that is to be current before; 0: there is to be none. Missing: whatever is. */
  if_version?: number;
}

export const badTextId = () => malformed('The id of a text is a UUID.');
export const noText = () => notFound('There is no such text of it.');
export const otherVersion = (version: number) =>
  conflict(`The current version is ${version}: somebody has changed the text meanwhile.`);

type Variant = Pick<TextRow, 'locale' | 'context_tag'>;

/** Texts of one's own, and which version is served. Each change is one transaction, with its entry in the log. */
@Injectable()
export class OwnTexts {
  constructor(private readonly db: DataSource) {}

  /** Stores it as the next version, which is served from now on. The same text once more changes nothing. */
  async write(kind: Kind, address: string, own: OwnText, doer: Doer): Promise<{ text: TextDto; isNew: boolean }> {
    // Loaded when it is needed: a server that only answers needs none of it.
    const { cleanedText } = await import('../generation/cleaned.js');
    return inTransaction(this.db, async (tx) => {
      const row = await lockOne(tx, kind, address);
      const names = await sql<{ text: string }>(tx, `SELECT text FROM ${kind.knownAs} WHERE id = $1`, [row.id]);
      const text = cleanedText(
        own.text,
        names.map((name) => name.text),
      );
      if (text === '') throw unprocessable([{ pointer: '/text', detail: 'must contain something besides markup' }]);
      const before = await currentOf(tx, kind, row.id, own);
      const version = before?.version ?? 0;
      if (own.if_version !== undefined && own.if_version !== version) throw otherVersion(version);
      if (before?.origin === 'HUMAN' && before.text === text) return { text: textDto(before), isNew: false };
      const stored = await this.add(tx, kind, row.id, { ...own, text });
      await note(tx, 'write_text', { kind, row, doer }, { before, after: stored, written: stored });
      return { text: textDto(stored), isNew: true };
    });
  }

  /** Has an older version served from now on. */
  async restore(kind: Kind, address: string, id: string, doer: Doer): Promise<TextDto> {
    return this.change(kind, { address, id }, async (tx, row, text) => {
      const before = await currentOf(tx, kind, row.id, text);
      if (before?.id === text.id && before.pinned) return textDto(before);
      await unpin(tx, kind, [{ owner: row.id, ...variantOf(text) }]);
      const pinned = await sqlRow<TextRow>(
        tx,
        `UPDATE ${kind.texts} SET pinned = true WHERE id = $1 RETURNING ${TEXT_COLUMNS}`,
        [id],
      );
      await touch(tx, kind, row.id);
      await note(tx, 'restore_text', { kind, row, doer }, { before, after: pinned, written: pinned });
      return textDto(pinned);
    });
  }

  /** Removes a version for good. What is left of the text is served, the newest of it. */
  async remove(kind: Kind, address: string, id: string, doer: Doer): Promise<void> {
    await this.change(kind, { address, id }, async (tx, row, text) => {
      const before = await currentOf(tx, kind, row.id, text);
      await sql(tx, `DELETE FROM ${kind.texts} WHERE id = $1`, [id]);
      await touch(tx, kind, row.id);
      const after = await currentOf(tx, kind, row.id, text);
      await note(tx, 'remove_text', { kind, row, doer }, { before, after, written: text });
    });
  }

  private change<T>(
    kind: Kind,
    { address, id }: { address: string; id: string },
    work: (tx: EntityManager, row: EditedRow, text: TextRow) => Promise<T>,
  ): Promise<T> {
    if (!isUuid(id)) throw badTextId();
    return inTransaction(this.db, async (tx) => {
      const row = await lockOne(tx, kind, address);
      const find = `SELECT ${TEXT_COLUMNS} FROM ${kind.texts} WHERE id = $1 AND ${kind.owner} = $2`;
      const [text] = await sql<TextRow>(tx, find, [id, row.id]);
      if (!text) throw noText();
      return work(tx, row, text);
    });
  }

  private async add(tx: EntityManager, kind: Kind, owner: string, own: OwnText): Promise<TextRow> {
    const { texts, owner: column } = kind;
    const { locale, context_tag, text } = own;
    await unpin(tx, kind, [{ owner, locale, context_tag }]);
    const stored = await sqlRow<TextRow>(
      tx,
      `INSERT INTO ${texts} (id, ${column}, locale, context_tag, version, text, origin, pinned)
       SELECT $1::uuid, $2::uuid, $3::text, $4::text, COALESCE(max(version), 0) + 1, $5::text, 'HUMAN', true
       FROM ${texts}
       WHERE ${column} = $2::uuid AND locale = $3::text AND context_tag = $4::text RETURNING ${TEXT_COLUMNS}`,
      [uuidv7(), owner, locale, context_tag, text],
    );
    await touch(tx, kind, owner);
    return stored;
  }
}

const variantOf = ({ locale, context_tag }: Variant): Variant => ({ locale, context_tag });

/** The version that is served; the row must be locked. */
async function currentOf(tx: EntityManager, { texts, owner }: Kind, id: string, { locale, context_tag }: Variant) {
  const [row] = await sql<TextRow>(
    tx,
    `SELECT ${TEXT_COLUMNS} FROM ${texts} WHERE ${owner} = $1 AND locale = $2 AND context_tag = $3
     ORDER BY ${CURRENT_FIRST} LIMIT 1`,
    [id, locale, context_tag],
  );
  return row ?? null;
}

const touch = (tx: EntityManager, { table }: Kind, id: string) =>
  sql(tx, `UPDATE ${table} SET updated_at = now() WHERE id = $1`, [id]);

interface Change {
  before: TextRow | null;
  after: TextRow | null;
  /** The version that was written, chosen or removed. */
  written: TextRow;
}

function note(
  tx: EntityManager,
  action: Edit,
  { kind, row, doer }: { kind: Kind; row: EditedRow; doer: Doer },
  { before, after, written }: Change,
): Promise<void> {
  const details = { ...told(written), ...variantOf(written), before: told(before), after: told(after) };
  return noteDeed(tx, doer, { action, entity: entityOf(kind), entity_id: row.id, slug: row.slug, details });
}

const told = (text: TextRow | null) =>
  text && { id: text.id, version: text.version, origin: text.origin, characters: [...text.text].length };
