import { MAX_JOBS } from '../batches/batches.dto.js';
import { MAX_NAMES, type Metadata } from '../domain/metadata.js';
import { CONTEXT_TAGS, type ContextTag, type Locale, LOCALE_TAGS } from '../domain/vocabulary.js';
import { SwitchField, UrlField, WordsField } from '../http/fields.js';
import { MetadataField, tooManyNames } from '../http/metadata-field.js';
import { type FieldError, ProblemException, unprocessable } from '../http/problem.js';
import { batchWebhooksOf, MAX_URL, whyNotUrl } from '../webhooks/endpoint.js';
import { BATCH_COMPLETED, BATCH_EVENTS, type BatchEvent } from '../webhooks/events.js';
import type { AskedBatch, Submission } from './asked.js';
import type { GenerateOptionsDto } from './generate.dto.js';

/** What a batch says of all its items. */
export class BatchOptionsDto {
  @WordsField({
    required: false,
    words: LOCALE_TAGS,
    description: 'Multiplies the items: each is written in all of these. Then no item has a locale of its own',
  })
  locales?: Locale[];

  @WordsField({ required: false, words: CONTEXT_TAGS, description: 'The same with manners' })
  context_tags?: ContextTag[];

  @MetadataField('Noted on the batch and on each item; the names of an item go before')
  metadata?: Metadata;

  @UrlField(
    {
      required: false,
      max: MAX_URL,
      example: 'https://example.com/hooks/moviemind',
      description: 'Told once that the batch is completed, however its jobs end; see Webhooks',
    },
    whyNotUrl,
  )
  webhook_url?: string;

  @WordsField({
    required: false,
    words: BATCH_EVENTS,
    default: [BATCH_COMPLETED],
    description:
      'Events to send there, in place of batch.completed alone. Those of jobs are sent of each item that has no ' +
      'webhook of its own',
  })
  webhook_events?: BatchEvent[];

  @SwitchField({
    required: false,
    default: false,
    description: 'true: 200 with what the batch would make and take; nothing is written',
  })
  dry_run = false;
}

type Batch<Dto> = BatchOptionsDto & { items: Dto[] };

/**
 * What each item of a batch asks for, multiplied, in the order of the items, then of locales, then of manners.
 * @throws ProblemException 422 that names the wrong items
 */
export function batchOf<Dto extends GenerateOptionsDto>(
  batch: Batch<Dto>,
  submissionOf: (dto: Dto) => Submission,
): AskedBatch {
  const { ofBatch, ofJobs } = batchWebhooksOf(batch);
  refuseTooMany(batch);
  const submissions = eachItem(batch.items, (item) => {
    refuseOwn(item, batch);
    const one = noted(submissionOf(item), batch.metadata);
    return { ...one, webhook: one.webhook ?? ofJobs };
  });
  const { metadata, dry_run } = batch;
  return { submissions: submissions.flatMap((one) => variants(one, batch)), metadata, webhook: ofBatch, dry_run };
}

function eachItem<Dto>(items: Dto[], submissionOf: (dto: Dto) => Submission): Submission[] {
  const errors: FieldError[] = [];
  const submissions = items.flatMap((item, n) => {
    try {
      return [{ ...submissionOf(item), at: `/items/${n}` }];
    } catch (error) {
      if (!(error instanceof ProblemException) || !error.more.errors) throw error;
      errors.push(...error.more.errors.map(({ pointer, detail }) => ({ pointer: `/items/${n}${pointer}`, detail })));
      return [];
    }
  });
  if (errors.length > 0) throw unprocessable(errors);
  return submissions;
}

function refuseTooMany({ items, locales = [], context_tags = [] }: Batch<unknown>): void {
  const jobs = items.length * Math.max(locales.length, 1) * Math.max(context_tags.length, 1);
  if (jobs <= MAX_JOBS) return;
  throw unprocessable([
    { pointer: '/items', detail: `makes ${jobs} jobs, multiplied; a batch has ${MAX_JOBS} at most` },
  ]);
}

/** Which of the two should count, nobody could tell. */
function refuseOwn(
  { locale, context_tag, tone }: GenerateOptionsDto,
  { locales, context_tags }: BatchOptionsDto,
): void {
  const wrong = [
    ...(locales && locale !== undefined ? [['locale', 'locales']] : []),
    ...(context_tags && context_tag !== undefined ? [['context_tag', 'context_tags']] : []),
    ...(context_tags && tone !== undefined ? [['tone', 'context_tags']] : []),
  ];
  if (wrong.length === 0) return;
  throw unprocessable(
    wrong.map(([own, all]) => ({ pointer: `/${own}`, detail: `must be left out where the batch has ${all}` })),
  );
}

function variants(one: Submission, { locales, context_tags }: BatchOptionsDto): Submission[] {
  const { subject } = one;
  return (locales ?? [subject.locale]).flatMap((locale) =>
    (context_tags ?? [subject.context_tag]).map((context_tag) => ({
      ...one,
      subject: { ...subject, locale, context_tag },
    })),
  );
}

/** @throws ProblemException 422 when both together are too many */
function noted(submission: Submission, ofAll: Metadata | undefined): Submission {
  if (!ofAll) return submission;
  const metadata = { ...ofAll, ...submission.metadata };
  if (Object.keys(metadata).length <= MAX_NAMES) return { ...submission, metadata };
  throw unprocessable([{ pointer: '/metadata', detail: `${tooManyNames}, with those of the batch` }]);
}
