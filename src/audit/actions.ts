import { ENTITIES } from '../domain/kinds.js';

/** What may be done to a film or a person, in the words of the log. */
export const EDITS = [
  'import',
  'write_text',
  'restore_text',
  'remove_text',
  'correct',
  'hide',
  'show',
  'remove',
  'block',
  'unblock',
] as const;
export type Edit = (typeof EDITS)[number];

/** What operators do besides. A further one is a word here, and a call of {@link noteDeed} where it is done. */
const OPERATIONS = [
  'create_key',
  'revoke_key',
  'pause_queue',
  'resume_queue',
  'drain_worker',
  'resume_worker',
  'set_concurrency',
  'retry_job',
  'retry_jobs',
  'retry_batch',
  'cancel_job',
  'cancel_batch',
  'forget_job',
  'forget_jobs',
  'rotate_webhook_secret',
  'replay_delivery',
  'enable_endpoint',
  'note_backup',
  'try_model',
  'review_text',
] as const;
export type Operation = (typeof OPERATIONS)[number];

export const ACTIONS = [...EDITS, ...OPERATIONS] as const;
export type Action = (typeof ACTIONS)[number];

/** What it is done to, besides films and people. */
const THINGS = ['KEY', 'QUEUE', 'WORKER', 'JOB', 'BATCH', 'DELIVERY', 'ENDPOINT', 'BACKUP', 'MODEL', 'TEXT'] as const;
export type Thing = (typeof THINGS)[number];
export const TARGETS = [...ENTITIES, ...THINGS] as const;
export type TargetKind = (typeof TARGETS)[number];

/**
 * Who does it:
 * - key: a key;
 * - bootstrap: the bearer of ADMIN_TOKEN, or a command on the embedded database over HTTP;
 * - anybody: whoever calls where no key is needed;
 * - cli: a command on the database itself.
 */
export const ACTORS = ['key', 'bootstrap', 'anybody', 'cli'] as const;
export type Actor = (typeof ACTORS)[number];
