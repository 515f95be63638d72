import { FlagField, FormField, MomentField, WordField } from '../http/fields.js';
import {
  CONTEXT_TAGS,
  type ContextTag,
  EXPORT_FORMATS,
  type ExportFormat,
  type Locale,
  LOCALE_TAGS,
} from '../domain/vocabulary.js';
import { ToneField } from './reading.dto.js';

/** Media types, as RFC 4180 and jsonlines.org name them. */
export const EXPORT_TYPES: Record<ExportFormat, string> = {
  jsonl: 'application/jsonl; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
};

export class ExportQuery {
  @WordField({
    required: false,
    words: EXPORT_FORMATS,
    default: 'jsonl',
    example: 'jsonl',
    description: 'A line of JSON each, or CSV with a row for each text',
  })
  format: ExportFormat = 'jsonl';

  @FormField({
    required: false,
    pattern: '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$',
    min: 36,
    max: 36,
    form: 'an id',
    example: '019ab1d2-84f1-7000-8000-0a0b0c0d0e0f',
    description: 'Goes on after this id: the last one that arrived',
  })
  after?: string;

  @FlagField({
    required: false,
    default: true,
    example: true,
    description: 'false: entries known only from a filmography or a cast, without a text',
  })
  has_text = true;

  @WordField({ required: false, words: LOCALE_TAGS, example: 'pl-PL', description: 'Only texts in this language' })
  locale?: Locale;

  @WordField({ required: false, words: CONTEXT_TAGS, example: 'humorous', description: 'Only texts in this manner' })
  context_tag?: ContextTag;

  @ToneField()
  tone?: ContextTag;

  @MomentField({ required: false, example: '2026-01-01T00:00:00Z', description: 'Changed since, or for so long' })
  updated_since?: Date;
}
