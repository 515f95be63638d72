import { type JobStatus, STATUSES } from '../domain/vocabulary.js';

export type Counts = Record<JobStatus, number>;

/** All of them, of those that were found. */
export function countsOf(found: Partial<Counts>): Counts {
  return Object.fromEntries(STATUSES.map((status) => [status, found[status] ?? 0])) as Counts;
}

export const COUNTS_SCHEMA = {
  type: 'object' as const,
  description: 'Items by the status of their job; items whose job was forgotten are not counted',
  properties: Object.fromEntries(STATUSES.map((status) => [status, { type: 'integer' as const, minimum: 0 }])),
  required: [...STATUSES],
  additionalProperties: false,
  example: countsOf({ DONE: 2, IN_PROGRESS: 1 }),
};
