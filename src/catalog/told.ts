import type { GivenFacts } from '../domain/given-facts.js';
import type { PromptVersion } from '../domain/prompt-versions.js';
import type { Suggested } from '../domain/suggestion.js';
import type { PersonRole } from '../domain/vocabulary.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';

/** A name, and what it is compared by. */
export interface Name {
  text: string;
  keys: string[];
}

/** Somebody who is named by a film, or a film that is named by somebody. */
export interface Named extends Name {
  year: number | null;
  role: PersonRole;
  character_name: string | null;
  billing_order: number | null;
}

/** Ids that others know it by. */
export interface ExternalIds {
  imdb?: string;
  tmdb?: number;
}

/** What an answer tells of a film or a person. */
export interface Told {
  name: Name;
  /** What else it is called. */
  others: (Name & { source: 'ORIGINAL' | 'OTHER' })[];
  year: number | null;
  /** By column; what is `null` is not known. */
  facts: Record<string, string | null>;
  named: Named[];
  /** Slugs of the list in domain/genres.ts. */
  genres: string[];
  /** Others of its name. */
  namesakes: { text: string; year: number | null }[];
}

/** What the request says of whose text it is. */
export interface AskedFor {
  /** As it was spelled; `null`: by a slug alone. */
  name: Name | null;
  slug: string;
  /** Whether the request says which of several is meant, and its slug does. */
  isOne: boolean;
  /** Whose work it is; empty: the request does not say. */
  makers: Name[];
  externalIds: ExternalIds;
  /** Whether facts that are known are written anew. */
  refresh: boolean;
  /** Whether the text is served in place of one that somebody wrote or chose. */
  replacesPinned: boolean;
}

/** What a job comes to: data, so that many can be stored by the same statements. */
export interface Result {
  job: Pick<GenerationJob, 'id' | 'entity' | 'locale' | 'context_tag'>;
  asked: AskedFor;
  /** The row, where it is known which one it is, and what is told of it; `null`: its text alone was written. */
  subject: { row: string; told: null } | { row: string | null; told: Told };
  text: string;
  /** Its title in the language of the text; `null`: none is known. */
  localized: Name | null;
  model: string;
  /** Of the prompts that it was asked with. */
  prompt_version: PromptVersion;
  /** What the facts that are told were given as; missing: the model told them. */
  given?: GivenFacts;
  /** Who told them, where it was neither the model nor a request. */
  origin?: 'TMDB';
  /** Its ids there. */
  lookedUp?: ExternalIds;
  /** Others of the name, where the best known one was to be taken. */
  alternatives?: Suggested[];
}

/** Ids that the request says go before those that were looked up. */
export const idsOf = ({ asked, lookedUp }: Result): ExternalIds => ({ ...lookedUp, ...asked.externalIds });

/** What is told with a result; `null`: a text alone. */
export const toldBy = ({ subject }: Result): Told | null => subject.told;
