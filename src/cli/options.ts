import type { KindWord } from '../domain/kinds.js';
import type { Metadata } from '../domain/metadata.js';

export type Kind = KindWord;

/** Options of `generate`; commands/generate.ts declares and explains them. */
export interface GenerateOptions {
  year?: number;
  slug?: string;
  locale?: string;
  context?: string;
  director?: string;
  imdb?: string;
  tmdb?: number;
  metadata?: Metadata;
  choose?: boolean;
  refreshFacts?: boolean;
  reuse?: boolean;
  wait?: boolean;
  file?: string;
  timeout: number;
  json?: boolean;
}

/** Options of `job`. */
export type JobOptions = Pick<GenerateOptions, 'wait' | 'timeout' | 'json'>;

/** The option that every command has. */
export type OutputOptions = Pick<GenerateOptions, 'json'>;
