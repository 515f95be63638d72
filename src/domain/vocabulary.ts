import { ALL_LOCALES, LOCALES, type Locale } from './locales.js';

/** The lists of words that code, OpenAPI, tests and the database's CHECKs share. */

export const STATUSES = ['PENDING', 'IN_PROGRESS', 'DONE', 'FAILED', 'CANCELLED', 'EXPIRED'] as const;
export type JobStatus = (typeof STATUSES)[number];

/** A job in one of these states holds the only place for its subject. */
export const ACTIVE_STATUSES = ['PENDING', 'IN_PROGRESS'] as const satisfies JobStatus[];
export const isFinished = (status: JobStatus) => !(ACTIVE_STATUSES as readonly JobStatus[]).includes(status);

/** What a job does: it waits, is being written, or is done. A job that ended in another way keeps its last stage. */
export const STAGES = ['QUEUED', 'GENERATING', 'DONE'] as const;
export type JobStage = (typeof STAGES)[number];

/** What became of a claim. Only `DONE` and `FAILED` are tries. */
export const ATTEMPT_OUTCOMES = ['DONE', 'FAILED', 'HANDED_BACK', 'CRASHED', 'CANCELLED'] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

/** What calls of models are added up by. */
export const USES_BY = ['day', 'key', 'model', 'entity', 'prompt'] as const;
export type UsesBy = (typeof USES_BY)[number];

/** Longest `deadline_seconds`: a day. */
export const MAX_DEADLINE_SECONDS = 86_400;

/**
 * Why a waiting job is held up. An operator paused its queue; or the model's service has asked for a pause; or it does
 * not answer, or has turned us away. Or the tokens of this day are spent.
 */
export const HOLD_REASONS = ['PAUSED', 'RATE_LIMITED', 'MODEL_UNAVAILABLE', 'BUDGET_SPENT'] as const;
export type HoldReason = (typeof HOLD_REASONS)[number];

export { ALL_LOCALES, LOCALES, type Locale };
export const DEFAULT_LOCALE: Locale = 'en-US';
/** Those that texts are asked for in. The settings may narrow them: see {@link chooseWords}. */
export const LOCALE_TAGS: Locale[] = [...ALL_LOCALES];

/** The name of a tone. Settings say which there are, and a text may have one that there was. */
export type ContextTag = string;
export const DEFAULT_CONTEXT: ContextTag = 'DEFAULT';
/** The tones that texts are asked for in; src/domain/tones.ts has what each means. See {@link chooseWords}. */
export const CONTEXT_TAGS: ContextTag[] = [DEFAULT_CONTEXT, 'modern', 'critical', 'humorous'];

/** What locales and context tags look like in answers; texts keep those that no request may use any more. */
export const LOCALE_FORM = { type: String, pattern: '^[a-z]{2}-[A-Z]{2}$', minLength: 5, maxLength: 5 };
export const CONTEXT_FORM = { type: String, pattern: '^[A-Za-z][A-Za-z0-9_-]*$', minLength: 1, maxLength: 40 };

/** Sets the words that requests may use. Called once, before the routes are loaded: they take them as they are then. */
export function chooseWords(locales: Locale[], tones: ContextTag[]): void {
  LOCALE_TAGS.splice(0, Infinity, ...locales);
  CONTEXT_TAGS.splice(0, Infinity, ...tones);
}

/** What to do when the text exists: write a new version, or answer with the existing one. */
export const IF_EXISTS = ['regenerate', 'reuse'] as const;

/** What to do when a name means several: name them, or take the best known one. */
export const IF_AMBIGUOUS = ['fail', 'choose'] as const;

export const ERROR_TYPES = [
  'NOT_FOUND',
  'AMBIGUOUS',
  'AI_API_ERROR',
  'AI_REFUSED',
  'VALIDATION_ERROR',
  'WORKER_CRASHED',
  'UNKNOWN_ERROR',
] as const;
export type ErrorType = (typeof ERROR_TYPES)[number];

export const PERSON_ROLES = ['ACTOR', 'DIRECTOR', 'WRITER', 'PRODUCER'] as const;
export type PersonRole = (typeof PERSON_ROLES)[number];

/** Who wrote a text: a model, or somebody. */
export const ORIGINS = ['GENERATED', 'HUMAN'] as const;
export type Origin = (typeof ORIGINS)[number];

/** What somebody thinks of a text that a model wrote. */
export const TEXT_VERDICTS = ['good', 'bad'] as const;
export type TextVerdict = (typeof TEXT_VERDICTS)[number];
/** Of a note beside a verdict, code points. */
export const LONGEST_REVIEW_NOTE = 1000;

/** Of an export: a line of JSON for each film or person, or a row of CSV for each text. */
export const EXPORT_FORMATS = ['jsonl', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Most films or people in an import, and its largest body, bytes: a text has some 1500 characters, at most 5000. */
export const MOST_IMPORTED = 500;
export const IMPORT_BODY_LIMIT = 4 * 1024 * 1024;
/** What became of an item of it. */
export const IMPORTED = ['CREATED', 'CHANGED', 'UNCHANGED'] as const;
export type Imported = (typeof IMPORTED)[number];

/** What is found and repaired; health/detail.dto.ts says what each means. */
export const RECOVERY_KINDS = ['worker_lost', 'queue_lost', 'queue_refilled', 'not_begun', 'clock_set_back'] as const;
export type RecoveryKind = (typeof RECOVERY_KINDS)[number];
/** What it happened to. */
export const RECOVERED = ['jobs', 'webhooks'] as const;
export type Recovered = (typeof RECOVERED)[number];
