import { BatchGeneration } from './batch.js';
import { ConnectionError, ProblemError } from './errors.js';
import { type DoneJob, Generation } from './generation.js';
import { type Client, createClient, createConfig } from './generated/client/index.js';
import {
  type BatchAccepted,
  cancelJob,
  createJobAccess,
  generateMovie,
  generateMovies,
  generatePeople,
  type GenerateMovie,
  type GenerateMovies,
  generatePerson,
  type GeneratePerson,
  getJob,
  getMovie,
  type GetMovieData,
  getPerson,
  type GetPersonData,
  type Job,
  type JobAccess,
  type Movie,
  type Person,
  type Problem,
} from './generated/index.js';
import { resending, retryAfterOf } from './resend.js';

export interface MovieMindOptions {
  /** Address of the server, e.g. `http://localhost:3000`. */
  baseUrl: string;
  /** Sent as `Authorization: Bearer`. */
  apiKey?: string;
  /** How often a request is repeated that was refused for now or not answered. Default: 4. */
  retries?: number;
  /** Used in place of the global `fetch`. */
  fetch?: typeof fetch;
}

export interface GenerateOptions {
  /** Gives up on the request; a job that was already accepted goes on. */
  signal?: AbortSignal;
  /** Identifies the request: sent twice, it is done once. Default: a new one for each call. */
  idempotencyKey?: string;
}

/** What holds for all items of a batch: languages and tones that multiply them, notes, a webhook. */
export type BatchOptions = GenerateOptions & Omit<GenerateMovies, 'items' | 'dry_run'>;

/** A film by its title or its slug. */
export type MovieRequest = GenerateMovie;
/** A person by name or slug. */
export type PersonRequest = GeneratePerson;

/**
 * The API with waiting, repeating and typed errors. Operations without a method here are exported functions that take
 * {@link MovieMind.client}: `listMovies({ client: movieMind.client, query: { q: 'matrix' } })`.
 */
export class MovieMind {
  readonly client: Client;

  constructor({ baseUrl, apiKey, retries = 4, fetch = globalThis.fetch }: MovieMindOptions) {
    this.client = createClient(
      createConfig({
        baseUrl: baseUrl.replace(/\/+$/, ''),
        auth: () => apiKey,
        fetch: resending(fetch, retries),
      }),
    );
    this.client.interceptors.error.use((error, response) => asError(error, response));
  }

  generateMovie(request: MovieRequest, options: GenerateOptions = {}): Generation {
    const accepted = generateMovie({ ...this.named(options), body: request, throwOnError: true });
    return new Generation(
      this.client,
      accepted.then(({ data }) => data),
    );
  }

  generatePerson(request: PersonRequest, options: GenerateOptions = {}): Generation {
    const accepted = generatePerson({ ...this.named(options), body: request, throwOnError: true });
    return new Generation(
      this.client,
      accepted.then(({ data }) => data),
    );
  }

  /** Up to 500 films, all or nothing. */
  generateMovies(items: MovieRequest[], { signal, idempotencyKey, ...shared }: BatchOptions = {}): BatchGeneration {
    const named = this.named({ signal, idempotencyKey });
    const accepted = generateMovies({ ...named, body: { items, ...shared }, throwOnError: true });
    return new BatchGeneration(
      this.client,
      accepted.then(({ data }) => data as BatchAccepted), // no trial: nothing asks for dry_run
    );
  }

  /** Up to 500 people, all or nothing. */
  generatePeople(items: PersonRequest[], { signal, idempotencyKey, ...shared }: BatchOptions = {}): BatchGeneration {
    const named = this.named({ signal, idempotencyKey });
    const accepted = generatePeople({ ...named, body: { items, ...shared }, throwOnError: true });
    return new BatchGeneration(
      this.client,
      accepted.then(({ data }) => data as BatchAccepted), // no trial: nothing asks for dry_run
    );
  }

  async job(id: string, options: { signal?: AbortSignal } = {}): Promise<Job> {
    const { data } = await getJob({ client: this.client, path: { id }, ...options, throwOnError: true });
    return data;
  }

  /** A job whose id is known, to wait for or to cancel. */
  follow(id: string): Generation {
    return new Generation(this.client, this.job(id));
  }

  /** For a browser: ten minutes of this job, without a key. Its `links.events` are for `watchJob`. */
  async accessTo(id: string): Promise<JobAccess> {
    const { data } = await createJobAccess({ client: this.client, path: { id }, throwOnError: true });
    return data;
  }

  async cancel(id: string): Promise<Job> {
    const { data } = await cancelJob({ client: this.client, path: { id }, throwOnError: true });
    return data;
  }

  /** @param film slug, with or without the year, or id; or a finished job: then the text that this job wrote */
  async movie(film: string | DoneJob, query?: GetMovieData['query']): Promise<Movie> {
    const wanted = wantedOf(film, query);
    const { data } = await getMovie({ client: this.client, ...wanted, throwOnError: true });
    return data;
  }

  /** @param person slug, with or without the year, or id; or a finished job: then the text that this job wrote */
  async person(person: string | DoneJob, query?: GetPersonData['query']): Promise<Person> {
    const wanted = wantedOf(person, query);
    const { data } = await getPerson({ client: this.client, ...wanted, throwOnError: true });
    return data;
  }

  private named({ signal, idempotencyKey = crypto.randomUUID() }: GenerateOptions) {
    return { client: this.client, signal, headers: { 'Idempotency-Key': idempotencyKey } };
  }
}

/** The parameters of a read. For a job they are its locale and context tag, unless `query` names others. */
function wantedOf(of: string | DoneJob, query: GetMovieData['query']) {
  if (typeof of === 'string') return { path: { slug: of }, query };
  const { result, locale, context_tag } = of;
  return { path: { slug: result.slug }, query: { locale, context_tag, ...query } };
}

function asError(error: unknown, response: Response | undefined): unknown {
  if (!response || response.ok) return error;
  if (isProblem(error)) return new ProblemError(error, retryAfterOf(response));
  return new ConnectionError(`${response.status} from something that is no MovieMind server`, { cause: error });
}

const isProblem = (error: unknown): error is Problem =>
  typeof error === 'object' && error !== null && 'detail' in error && 'request_id' in error;
