import { contextOf, ToneField } from '../catalog/reading.dto.js';
import {
  CONTEXT_TAGS,
  type ContextTag,
  DEFAULT_CONTEXT,
  DEFAULT_LOCALE,
  type Locale,
  LOCALE_TAGS,
} from '../domain/vocabulary.js';
import { FlagField, IntegerField, ProseField, WordField } from '../http/fields.js';
import { unprocessable } from '../http/problem.js';
import type { Correction } from './corrections.js';
import type { OwnText } from './own-texts.js';

/** Source: CHECKs of the database. */
const MAX_TEXT = 5000;
const MAX_VERSION = 2_147_483_647;

/** A text of one's own. */
export class OwnTextDto {
  @WordField({ required: false, words: LOCALE_TAGS, default: DEFAULT_LOCALE, description: 'Language of the text' })
  locale: Locale = DEFAULT_LOCALE;

  @WordField({ required: false, words: CONTEXT_TAGS, default: DEFAULT_CONTEXT, description: 'Manner of the text' })
  context_tag?: ContextTag;

  @ToneField()
  tone?: ContextTag;

  @ProseField({
    max: MAX_TEXT,
    example: 'A programmer learns that the world he lives in is a simulation.',
    description: 'Markup and control characters are taken out; nothing else is checked',
  })
  text: string;

  @IntegerField({
    required: false,
    min: 0,
    max: MAX_VERSION,
    example: 1,
    description: 'Only if this is the version that is served now, 0 for none; else 409',
  })
  if_version?: number;
}

/** @throws ProblemException 422 when both names of the manner are given and differ */
export const ownTextOf = (dto: OwnTextDto): OwnText => ({
  locale: dto.locale,
  context_tag: contextOf(dto) ?? DEFAULT_CONTEXT,
  text: dto.text,
  if_version: dto.if_version,
});

export class RemoveQuery {
  @FlagField({
    required: false,
    default: false,
    example: true,
    description: 'Never made again, neither by a request nor by a mention in a cast or a filmography',
  })
  block = false;
}

/** @throws ProblemException 422 when nothing is to be changed */
export function correctionOf(correction: Correction): Correction {
  const { facts, ...others } = correction;
  const isEmpty = Object.values(others).every((value) => value === undefined) && Object.keys(facts).length === 0;
  if (isEmpty) throw unprocessable([{ pointer: '', detail: 'must name at least one field' }]);
  return correction;
}

/** The facts that are given, by column. */
export const givenFacts = (facts: Record<string, string | null | undefined>): Record<string, string | null> =>
  Object.fromEntries(Object.entries(facts).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
