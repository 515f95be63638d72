import { InvalidArgumentError } from 'commander';
import type { Metadata } from '../domain/metadata.js';
import { PROMPT_FORM } from '../domain/prompt-versions.js';

/** What options take. Each turns the text of an option into its value, or refuses it. */

const within = (min: number, max: number) => (text: string) => {
  const value = integer(text);
  if (value < min || value > max) throw new InvalidArgumentError(`takes ${min}..${max}`);
  return value;
};

export const integer = (text: string) => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('takes a whole number');
  return Number(text);
};

export const seconds = within(1, 2_000_000);
export const days = within(1, 3650);
/** Backups that are kept. */
export const kept = within(1, 3650);
/** Texts of a sample: as many as the API draws. */
export const drawn = within(1, 50);
/** Rows of a list. */
export const most = within(1, 1_000_000);
export const rate = within(1, 1_000_000);
/** Tokens a day: as many as DAILY_TOKEN_BUDGET takes. */
export const tokens = within(1, 1_000_000_000_000);

/** A number of days, as in 90d, or a moment. */
export const expiry = (text: string) => {
  const [, count] = /^(\d{1,4})d$/.exec(text) ?? [];
  if (count !== undefined) return days(count);
  const moment = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?$/.test(text) ? new Date(text) : null;
  if (!moment || Number.isNaN(moment.getTime()) || moment.getTime() <= Date.now())
    throw new InvalidArgumentError('takes a day to come, such as 2027-06-30 (it ends as that begins, UTC), or 90d');
  return moment;
};

/** A version of the prompts. Not one of this program's alone: texts keep those of others. */
export const promptVersion = (text: string) => {
  if (!new RegExp(PROMPT_FORM.pattern).test(text)) throw new InvalidArgumentError('takes v and a number, such as v1');
  return text;
};

/** One more note: a name and its text. */
export const noted = (text: string, known: Metadata = {}): Metadata => {
  const [, name, note] = /^([^=]+)=([^]*)$/.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('takes name=text');
  return { ...known, [name]: note! };
};
