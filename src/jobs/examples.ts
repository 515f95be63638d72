import { ENTITIES, type EntityKind, KINDS } from '../domain/kinds.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { NO_READER } from '../ledger/notes.js';
import { JobDto } from './jobs.dto.js';

/** The job in every example of the documentation. */
export const EXAMPLE_JOB_ID = '019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b';
const SLUGS: Record<EntityKind, string> = { MOVIE: 'the-matrix-1999', PERSON: 'keanu-reeves-1964' };

const NEW: Partial<GenerationJob> = {
  id: EXAMPLE_JOB_ID,
  entity: 'MOVIE',
  requested_slug: SLUGS.MOVIE,
  slug: null,
  locale: 'en-US',
  context_tag: 'DEFAULT',
  status: 'PENDING',
  stage: 'QUEUED',
  attempts: 0,
  max_attempts: 3,
  created_at: new Date('2026-11-23T10:00:00Z'),
  started_at: null,
  finished_at: null,
  deadline_at: null,
  result: null,
  error: null,
  usage: null,
};

const FINISHED: Partial<GenerationJob> = {
  attempts: 1,
  started_at: new Date('2026-11-23T10:00:00.120Z'),
  finished_at: new Date('2026-11-23T10:00:02.310Z'),
};

/** A row in the form that clients see, so that an example differs from a real answer only in its values. */
const exampleOf = (changes: Partial<GenerationJob>) =>
  JobDto.from({ ...NEW, ...changes } as GenerationJob, 30, NO_READER);

export const newJob = (entity: EntityKind = 'MOVIE') => exampleOf({ entity, requested_slug: SLUGS[entity] });

export function doneJob(entity: EntityKind = 'MOVIE'): JobDto {
  const slug = SLUGS[entity];
  const text = { [KINDS[entity].textId]: '019ab1d2-8500-7000-8000-0a0b0c0d0e0f' };
  return exampleOf({
    ...FINISHED,
    entity,
    requested_slug: slug,
    slug,
    status: 'DONE',
    stage: 'DONE',
    result: { id: '019ab1d2-84f1-7000-8000-0a0b0c0d0e0f', slug, ...text, version: 1 },
    usage: {
      model: 'gpt-4.1-mini',
      calls: 1,
      input_tokens: 412,
      output_tokens: 388,
      duration_ms: 2140,
      cost: 0.0007856,
    },
  });
}

/** One of each kind, for the operations that are alike. */
export const ofEachKind = (example: (entity: EntityKind) => JobDto) =>
  Object.fromEntries(
    ENTITIES.map((entity) => [KINDS[entity].word, { summary: KINDS[entity].about, value: example(entity) }]),
  );

/** While a worker had it. */
export const cancelledJob = () => exampleOf({ ...FINISHED, status: 'CANCELLED', stage: 'GENERATING' });
