import type { Kind } from '../domain/kinds.js';
import type { ExternalIdsDto } from '../domain/references.dto.js';
import type { TextDto } from '../domain/text.dto.js';
import { csvRow } from './csv.js';

/** A line of an export, besides what its kind has. */
export interface ExportedLine {
  id: string;
  slug: string;
  external_ids: ExternalIdsDto;
  updated_at: string;
  texts: TextDto[];
}

/** The first row of a CSV file. */
export const csvHeader = ({ text, year }: Kind): string =>
  csvRow([
    'id',
    'slug',
    text,
    year,
    'imdb_id',
    'tmdb_id',
    'locale',
    'context_tag',
    'version',
    'origin',
    'text',
    'updated_at',
  ]);

const NO_TEXT = [null, null, null, null, null];

/** A row for each text; what has no text has a row without one. */
export function csvRows({ text, year }: Kind, line: ExportedLine): string {
  const { id, slug, external_ids, updated_at } = line;
  const fields = line as unknown as Record<string, string | number | null>;
  const own = [id, slug, fields[text]!, fields[year]!, external_ids.imdb, external_ids.tmdb];
  const rows = line.texts.map((one) => [one.locale, one.context_tag, one.version, one.origin, one.text]);
  const all = rows.length > 0 ? rows : [NO_TEXT];
  return all.map((cells) => csvRow([...own, ...cells, updated_at])).join('');
}
