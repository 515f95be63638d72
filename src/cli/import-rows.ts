import { parse } from 'csv-parse';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { textOfCell } from '../catalog/csv.js';
import { type Kind, ROWS } from '../domain/kinds.js';
import { CliError } from './errors.js';

/** A film or a person of a file, as the API takes it, and where it stands there. */
export interface OwnRow {
  line: number;
  kind: Kind;
  item: Record<string, unknown> & { texts: object[] };
}

/** Why a line is none. */
export interface UnreadRow {
  line: number;
  problem: string;
}

type Fields = Record<string, unknown>;

/** The films or people of a file of JSON lines or CSV, as an export writes them. @throws CliError */
export async function* rowsIn(file: string): AsyncGenerator<OwnRow | UnreadRow> {
  try {
    yield* /\.csv$/i.test(file) ? rowsOfCsv(file) : rowsOfLines(file);
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(`cannot read ${file}: ${(error as Error).message}`);
  }
}

async function* rowsOfLines(file: string): AsyncGenerator<OwnRow | UnreadRow> {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    line++;
    const plain = line === 1 ? text.replace(/^\ufeff/, '') : text;
    if (plain.trim() !== '') yield readLine(line, plain);
  }
}

function readLine(line: number, text: string): OwnRow | UnreadRow {
  try {
    const fields = JSON.parse(text) as unknown;
    if (typeof fields === 'object' && fields !== null && !Array.isArray(fields)) return rowOf(line, fields as Fields);
  } catch {
    // Said below.
  }
  return { line, problem: 'is no JSON object' };
}

/** Rows that follow each other and name the same are one film with several texts. */
async function* rowsOfCsv(file: string): AsyncGenerator<OwnRow | UnreadRow> {
  const source = createReadStream(file);
  const parser = parse({ columns: true, bom: true, info: true, skip_empty_lines: true, relax_column_count: true });
  source.on('error', (error) => parser.destroy(error));
  let open: OwnRow | null = null;
  let name = '';
  for await (const one of source.pipe(parser)) {
    const { record, info } = one as { record: Record<string, string>; info: { lines: number } };
    const fields = Object.fromEntries(
      Object.entries(record).map(([column, cell]) => [column, textOfCell(cell) || undefined]),
    );
    const row = rowOf(info.lines, fields);
    if (!('item' in row)) {
      yield row;
      continue;
    }
    const { texts, ...own } = row.item;
    const same = JSON.stringify(own);
    if (open && same === name) {
      open.item.texts.push(...texts);
      continue;
    }
    if (open) yield open;
    [open, name] = [row, same];
  }
  if (open) yield open;
}

/** What of a line the API takes; its other fields are passed over. */
function rowOf(line: number, fields: Fields): OwnRow | UnreadRow {
  const kind = ROWS.find(({ text }) => isGiven(fields[text]));
  if (!kind) return { line, problem: `has neither ${ROWS.map(({ text }) => text).join(' nor ')}` };
  const { imdb = fields.imdb_id, tmdb = fields.tmdb_id } = (fields.external_ids ?? {}) as Fields;
  const ids = { ...(isGiven(imdb) && { imdb }), ...(isGiven(tmdb) && { tmdb: numberOf(tmdb) }) };
  const year = fields[kind.year] ?? fields.year;
  const item = {
    [kind.text]: fields[kind.text],
    ...(isGiven(year) && { [kind.year]: numberOf(year) }),
    ...(isGiven(fields.slug) && { slug: fields.slug }),
    ...(Object.keys(ids).length > 0 && { external_ids: ids }),
    texts: textsOf(fields),
  };
  return { line, kind, item };
}

const textsOf = (fields: Fields): object[] => {
  const several = Array.isArray(fields.texts) ? (fields.texts as Fields[]) : [];
  return [...several, ...(isGiven(fields.text) ? [fields] : [])].map(({ locale, context_tag, tone, text }) => ({
    ...(isGiven(locale) && { locale }),
    ...(isGiven(context_tag ?? tone) && { context_tag: context_tag ?? tone }),
    text,
  }));
};

const isGiven = (value: unknown) => value !== undefined && value !== null && value !== '';

/** What is no number stays as it is: the server says what is wrong with it. */
const numberOf = (value: unknown) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value);
