import { type EntityKind, KINDS } from '../domain/kinds.js';
import { FormField, IntegerField, SlugField, SwitchField, UrlField, WordField, WordsField } from '../http/fields.js';
import { MetadataField, tooManyNames } from '../http/metadata-field.js';
import { MAX_NAMES, type Metadata } from '../domain/metadata.js';
import { type FieldError, ProblemException, unprocessable } from '../http/problem.js';
import { MAX_URL, webhookOf, whyNotUrl } from '../webhooks/endpoint.js';
import { TERMINAL_EVENTS, WEBHOOK_EVENTS, type WebhookEvent } from '../webhooks/events.js';
import { baseOf, formerSlugs, MAX_SLUG, partsOf, slugOf, slugOfOne } from '../domain/slug.js';
import {
  CONTEXT_TAGS,
  type ContextTag,
  DEFAULT_CONTEXT,
  DEFAULT_LOCALE,
  IF_AMBIGUOUS,
  IF_EXISTS,
  type Locale,
  LOCALE_TAGS,
  MAX_DEADLINE_SECONDS,
} from '../domain/vocabulary.js';
import type { ExternalIds } from '../catalog/told.js';
import { contextOf } from '../catalog/reading.dto.js';
import { signsOf } from '../generation/identity/signs.js';
import type { Submission } from './asked.js';

/** The fields that both generate routes take, besides the title or name and the year. */
export class GenerateOptionsDto {
  @SlugField({ required: false, description: 'Exact identity, instead of title or name; a trailing -YYYY is the year' })
  slug?: string;

  @WordField({ required: false, words: LOCALE_TAGS, default: DEFAULT_LOCALE, description: 'Language of the text' })
  locale: Locale = DEFAULT_LOCALE;

  @WordField({ required: false, words: CONTEXT_TAGS, default: DEFAULT_CONTEXT, description: 'Manner of the text' })
  context_tag?: ContextTag;

  @WordField({ required: false, words: CONTEXT_TAGS, description: 'The same as context_tag' })
  tone?: ContextTag;

  @WordField({
    required: false,
    words: IF_EXISTS,
    description:
      'reuse: 200 with the finished job when the text exists. ' +
      'Left out, it is what DEFAULT_IF_EXISTS says: regenerate, if nothing is set',
  })
  if_exists?: (typeof IF_EXISTS)[number];

  @WordField({
    required: false,
    words: IF_AMBIGUOUS,
    default: 'fail',
    description: 'Where a name means several: fail ends AMBIGUOUS, choose takes the best known one',
  })
  if_ambiguous: (typeof IF_AMBIGUOUS)[number] = 'fail';

  @SwitchField({
    required: false,
    default: false,
    description: 'Whether facts are asked for anew',
  })
  refresh_facts = false;

  @SwitchField({
    required: false,
    default: false,
    description: 'Whether the new version is served in place of one that somebody wrote or restored',
  })
  replace_pinned = false;

  @IntegerField({
    required: false,
    min: 1,
    max: MAX_DEADLINE_SECONDS,
    description: 'A job not started within so many seconds ends EXPIRED',
  })
  deadline_seconds?: number;

  @UrlField(
    {
      required: false,
      max: MAX_URL,
      example: 'https://example.com/hooks/moviemind',
      description:
        'Gets signed messages about the job (see Webhooks), also if it joins one; none after a 200. Public https only',
    },
    whyNotUrl,
  )
  webhook_url?: string;

  @WordsField({
    required: false,
    words: WEBHOOK_EVENTS,
    default: [...TERMINAL_EVENTS],
    description: 'Events to send; only with webhook_url. A job that ends EXPIRED is reported as job.failed',
  })
  webhook_events?: WebhookEvent[];

  @MetadataField('Own ids and notes. They come back in the job and its messages, and GET /jobs finds them')
  metadata?: Metadata;
}

const TmdbField = () =>
  IntegerField({ required: false, min: 1, max: MAX_TMDB, example: 603, description: 'Number at The Movie Database' });
/** Source: a CHECK of the database, and its type. */
const MAX_TMDB = 999_999_999;

export class MovieExternalIdsDto {
  @FormField({
    required: false,
    pattern: '^tt[0-9]{7,9}$',
    min: 9,
    max: 11,
    form: 'tt and 7 to 9 digits',
    example: 'tt0133093',
    description: 'Id at IMDb',
  })
  imdb?: string;

  @TmdbField()
  tmdb?: number;
}

export class PersonExternalIdsDto {
  @FormField({
    required: false,
    pattern: '^nm[0-9]{7,9}$',
    min: 9,
    max: 11,
    form: 'nm and 7 to 9 digits',
    example: 'nm0000206',
    description: 'Id at IMDb',
  })
  imdb?: string;

  @TmdbField()
  tmdb?: number;
}

interface GivenName {
  text: string | undefined;
  year: number | undefined;
  /** Name of the year's field, for the error. */
  yearField: string;
  director?: string;
  externalIds?: ExternalIds;
}

/**
 * The subject that the request names, and the text for the prompt.
 * @throws ProblemException 422 when slug and text or year disagree, or events come without a webhook
 */
export function subjectOf(entity: EntityKind, dto: GenerateOptionsDto, given: GivenName): Submission {
  const { text, year, yearField, director } = given;
  const externalIds = idsOf(given);
  const inSlug = dto.slug === undefined ? null : partsOf(dto.slug, KINDS[entity].firstYear);
  if (inSlug?.year && year !== undefined && inSlug.year !== year) {
    throw unprocessable([{ pointer: `/${yearField}`, detail: `differs from the year in slug, ${inSlug.year}` }]);
  }
  const known = year ?? inSlug?.year ?? null;
  const former = text !== undefined && formerSlugs(text, known).includes(dto.slug!);
  if (inSlug && text !== undefined && baseOf(text) !== inSlug.base && slugOf(text, null) !== dto.slug && !former) {
    throw unprocessable([
      {
        pointer: '/slug',
        detail: `is not that of the text; ${slugOf(text, known)} would be, or leave one of them out`,
      },
    ]);
  }
  const asGiven = former ? slugOf(text, known) : dto.slug;
  const slug = inSlug && !former && known !== null ? `${inSlug.base}-${known}` : (asGiven ?? slugOf(text!, known));
  if (slug.length > MAX_SLUG) throw unprocessable([{ pointer: '/slug', detail: 'leaves no room for the year' }]);
  const { locale, if_exists, metadata } = dto;
  const context_tag = contextOf(dto) ?? DEFAULT_CONTEXT;
  const traits = traitsOf(text, director, externalIds);
  const isOne = traits.length > 0;
  return {
    subject: { entity, requested_slug: isOne ? slugOfOne(slug, traits) : slug, locale, context_tag },
    request: {
      subject: text ?? null,
      year: known,
      ...(isOne && { slug, ...(director && { director }), external_ids: externalIds }),
      ...(dto.if_ambiguous === 'choose' && { if_ambiguous: 'choose' }),
      ...(dto.refresh_facts && { refresh_facts: true }),
      ...(dto.replace_pinned && { replace_pinned: true }),
    },
    ...(if_exists !== undefined && { reuse: if_exists === 'reuse' }),
    deadlineSeconds: dto.deadline_seconds,
    webhook: webhookOf(dto),
    ...(metadata && { metadata }),
  };
}

/** One that is `null` is not given. */
const idsOf = ({ externalIds: { imdb, tmdb } = {} }: GivenName): ExternalIds => ({
  ...(imdb && { imdb }),
  ...(tmdb && { tmdb }),
});

/**
 * What tells the subject apart from its twins, and is not in a slug: signs ("+1" and "1"), director, ids. It belongs to
 * the subject: two twins asked for at once are two jobs.
 */
function traitsOf(text = '', director: string | undefined, { imdb, tmdb }: ExternalIds): string[] {
  const signs = signsOf(text);
  return [
    ...(signs ? [signs] : []),
    ...(director ? [baseOf(director)] : []),
    ...(imdb ? [imdb] : []),
    ...(tmdb ? [`tmdb ${tmdb}`] : []),
  ];
}

/** What a batch says of all its items. */
export class BatchOptionsDto {
  @MetadataField('Noted on the batch and on each item; the names of an item go before')
  metadata?: Metadata;
}

/** The same for each item of a batch. @throws ProblemException 422 that names the wrong items */
export function submissionsOf<Dto>(
  { items, metadata }: BatchOptionsDto & { items: Dto[] },
  submissionOf: (dto: Dto) => Submission,
): Submission[] {
  const errors: FieldError[] = [];
  const submissions = items.flatMap((item, n) => {
    try {
      return [{ ...noted(submissionOf(item), metadata), at: `/items/${n}` }];
    } catch (error) {
      if (!(error instanceof ProblemException) || !error.more.errors) throw error;
      errors.push(...error.more.errors.map(({ pointer, detail }) => ({ pointer: `/items/${n}${pointer}`, detail })));
      return [];
    }
  });
  if (errors.length > 0) throw unprocessable(errors);
  return submissions;
}

/** @throws ProblemException 422 when both together are too many */
function noted(submission: Submission, ofAll: Metadata | undefined): Submission {
  if (!ofAll) return submission;
  const metadata = { ...ofAll, ...submission.metadata };
  if (Object.keys(metadata).length <= MAX_NAMES) return { ...submission, metadata };
  throw unprocessable([{ pointer: '/metadata', detail: `${tooManyNames}, with those of the batch` }]);
}
