/** What a client notes on its own jobs: names and texts of its own, such as the number of an order. */
export type Metadata = Record<string, string>;

/**
 * What keys have noted on a job, by the id of the key. Callers without a key count as one, whose id is nil. A job may
 * serve several keys, and each sees its own notes only.
 */
export type Notes = Record<string, Metadata>;

/** Most names. Source: the contract. */
export const MAX_NAMES = 16;
/** Longest name, and what it is made of: it must be writable in a query. */
export const LONGEST_NAME = 40;
export const NAME = `^[A-Za-z0-9_.-]{1,${LONGEST_NAME}}$`;
/** Longest text, characters. */
export const LONGEST_TEXT = 500;
