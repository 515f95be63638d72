import { HttpStatus, Injectable, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { NIL } from 'uuid';
import { CatalogReads } from '../database/catalog-reads.js';
import { TooManyQuestions } from '../database/question-pool.js';
import { type Session, sql } from '../database/sql.js';
import { type Kind, kindOfTable } from '../domain/kinds.js';
import { CURRENT_FIRST, TEXT_COLUMNS } from '../domain/text.dto.js';
import { ProblemException } from '../http/problem.js';
import { EXPORT_TYPES, type ExportQuery } from './export.dto.js';
import { csvHeader, csvRows, type ExportedLine } from './exported-row.js';
import { chosenDto, type ChosenText } from './reading.js';
import { contextOf } from './reading.dto.js';
import type { List } from './search.js';

/** Films of a statement: with their texts some 2 MB, which is what an export holds in memory. */
const PAGE = 200;
/** Exports that a process serves at once: half of the connections for reads that there are by default. */
const AT_ONCE = 2;
/** A reader that takes nothing for so long is gone, milliseconds. */
const SILENCE_MS = 60_000;
/** How often a page is asked for again while too many read, a second apart. */
const PATIENCE = 30;
const RETRY_AFTER = 10;

/** The id with which an export ends, as it was when it began. */
export const EXPORT_LAST_ID = 'export-last-id';

export const tooManyExports = () =>
  new ProblemException(
    HttpStatus.SERVICE_UNAVAILABLE,
    'busy',
    `${AT_ONCE} exports are being sent already. Send the request again.`,
    { retryAfter: RETRY_AFTER },
  );

/** What of a kind is exported, and what a line of JSON has of a row besides its texts. */
export interface Exported<Row> {
  kind: Kind;
  list: List;
  shown: (row: Row) => Omit<ExportedLine, 'texts'>;
}

interface WithTexts {
  id: string;
  texts: ChosenText[];
}

/**
 * Sends all of a list, page after page in the order of ids, each by a statement of its own. No transaction is open
 * meanwhile, and no more than a page is in memory. The reader sets the pace.
 *
 * Whatever breaks it off ends the connection before its end, so no part of it looks like the whole.
 */
@Injectable()
export class Exports {
  private readonly logger = new Logger('Exports');
  private sending = 0;

  constructor(private readonly reads: CatalogReads) {}

  /** @throws ProblemException 503 when too many are sent already */
  async send<Row>(
    exported: Exported<Row>,
    query: ExportQuery,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    if (this.sending >= AT_ONCE) throw tooManyExports();
    this.sending++;
    const leave = once(() => this.sending--);
    try {
      const last = await this.reads.read((db) => lastOf(db, exported.list));
      const pages = this.pages(exported, query, last);
      // The first page comes before the head of the answer: a database that is away is still told as usual.
      const first = await pages.next();
      const name = `${exported.list.table}.${query.format}`;
      void reply.headers({
        'content-type': EXPORT_TYPES[query.format],
        'content-disposition': `attachment; filename="${name}"`,
        'cache-control': 'no-store',
        ...(last && { [EXPORT_LAST_ID]: last }),
      });
      const body = Readable.from(request.method === 'HEAD' ? [] : followed(first, pages), { objectMode: false });
      body.once('close', leave);
      reply.raw.setTimeout(SILENCE_MS, () => reply.raw.destroy());
      void reply.send(body);
    } catch (error) {
      leave();
      throw error;
    }
  }

  private async *pages<Row>(
    { kind, list, shown }: Exported<Row>,
    query: ExportQuery,
    last: string | null,
  ): AsyncGenerator<string, void> {
    const isCsv = query.format === 'csv';
    const written = (row: Row & WithTexts) => {
      const line = { ...shown(row), texts: row.texts.map((text) => chosenDto(text)!) };
      return isCsv ? csvRows(kind, line) : `${JSON.stringify(line)}\n`;
    };
    if (isCsv) yield csvHeader(kind);
    if (last === null) return;
    for (let after = query.after?.toLowerCase() ?? NIL; after < last;) {
      const rows = await this.patiently((db) => pageOf<Row & WithTexts>(db, list, query, [after, last]));
      yield rows.map(written).join('');
      after = rows.length < PAGE ? last : rows.at(-1)!.id;
    }
  }

  /** While too many read, an export is what can wait. */
  private async patiently<T>(ask: (db: Session) => Promise<T>): Promise<T> {
    for (let refused = 0; ; refused++) {
      try {
        return await this.reads.read(ask);
      } catch (error) {
        if (!(error instanceof TooManyQuestions) || refused === PATIENCE) {
          this.logger.warn({ msg: 'export broken off', reason: (error as Error).message });
          throw error;
        }
        await sleep(1000);
      }
    }
  }
}

/** `null`: there is nothing to export. */
async function lastOf(db: Session, { table, where, values }: List): Promise<string | null> {
  const text = `SELECT id FROM ${table} WHERE ${where} ORDER BY id DESC LIMIT 1`;
  const [row] = await sql<{ id: string }>(db, text, values);
  return row?.id ?? null;
}

/** The rows after one id and up to another, with the newest of their texts. */
export function exportStatement(list: List, query: ExportQuery, [after, last]: [string, string]) {
  const { table, columns, where, values } = list;
  const { texts, owner } = kindOfTable(table);
  const [from, to, locale, manner, limit] = [1, 2, 3, 4, 5].map((n) => `$${values.length + n}`);
  return {
    values: [...values, after, last, query.locale ?? null, contextOf(query) ?? null, PAGE],
    text: `SELECT ${columns}, (SELECT COALESCE(jsonb_agg(to_jsonb(newest)), '[]') FROM (
         SELECT DISTINCT ON (locale, context_tag) ${TEXT_COLUMNS} FROM ${texts}
         WHERE ${owner} = ${table}.id AND (${locale}::text IS NULL OR locale = ${locale})
           AND (${manner}::text IS NULL OR context_tag = ${manner})
         ORDER BY locale, context_tag, ${CURRENT_FIRST}) AS newest) AS texts
     FROM ${table} WHERE ${where} AND id > ${from} AND id <= ${to} ORDER BY id LIMIT ${limit}`,
  };
}

function pageOf<Row>(db: Session, list: List, query: ExportQuery, between: [string, string]): Promise<Row[]> {
  const { text, values } = exportStatement(list, query, between);
  return sql<Row>(db, text, values);
}

async function* followed(first: IteratorResult<string, void>, rest: AsyncGenerator<string, void>) {
  if (!first.done) yield first.value;
  yield* rest;
}

function once(act: () => unknown): () => void {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}
