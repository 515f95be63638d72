import {
  type DoneJob,
  type Generation,
  type Job,
  JobFailed,
  MovieMind,
  type MovieRequest,
  type PersonRequest,
  ProblemError,
} from '../src/index.js';

/** Only the compiler checks this file: the types agree with the contract. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_Claim extends true>() => undefined;

type Status = 'PENDING' | 'IN_PROGRESS' | 'DONE' | 'FAILED' | 'CANCELLED' | 'EXPIRED';
type ErrorType =
  'NOT_FOUND' | 'AMBIGUOUS' | 'AI_API_ERROR' | 'AI_REFUSED' | 'VALIDATION_ERROR' | 'WORKER_CRASHED' | 'UNKNOWN_ERROR';

holds<Same<Job['status'], Status>>();
holds<Same<Job['entity'], 'MOVIE' | 'PERSON'>>();
holds<Same<Job['locale'], string>>();
holds<Same<Job['context_tag'], string>>();
holds<Same<NonNullable<MovieRequest['tone']>, string>>();
holds<Same<NonNullable<Job['error']>['type'], ErrorType>>();
holds<Same<Job['finished_at'], string | null>>();
holds<Same<Job['queue_position'], number | null>>();
holds<Same<NonNullable<MovieRequest['if_exists']>, 'regenerate' | 'reuse'>>();
holds<Same<NonNullable<MovieRequest['if_ambiguous']>, 'fail' | 'choose'>>();
holds<Same<Awaited<ReturnType<Generation['wait']>>, DoneJob>>();
holds<Same<DoneJob['result'] extends null ? true : false, false>>();
holds<Same<ProblemError['problem']['request_id'], string>>();
holds<Same<JobFailed['job'], Job>>();

export const requests: (MovieRequest | PersonRequest)[] = [
  { title: 'The Matrix', release_year: 1999 },
  { slug: 'the-matrix-1999', locale: 'pl-PL' },
  { name: 'Keanu Reeves' },
  { title: 'The Matrix', release_year: null, locale: null },
];

export const refused = (movieMind: MovieMind) => [
  // @ts-expect-error a title or a slug
  movieMind.generateMovie({ release_year: 1999 }),
  // @ts-expect-error a title that is one
  movieMind.generateMovie({ title: null }),
  // @ts-expect-error no such field
  movieMind.generateMovie({ title: 'The Matrix', colour: 'red' }),
  // @ts-expect-error people have names
  movieMind.generatePerson({ title: 'The Matrix' }),
];
