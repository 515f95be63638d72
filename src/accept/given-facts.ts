import { createHash } from 'node:crypto';
import { type GivenFacts, MAX_FACTS, MAX_SYNOPSIS } from '../domain/given-facts.js';
import { suffixed } from '../domain/slug.js';
import { ProseField } from '../http/fields.js';
import { unprocessable } from '../http/problem.js';

/** Digits of what tells requests with other facts apart. */
const DIGITS = 16;

/** Without what is not given. @throws ProblemException 422 when nothing is, or too much */
export function checkedFacts(facts: GivenFacts, name: string | undefined, field: string): GivenFacts {
  const given = JSON.parse(JSON.stringify(facts)) as GivenFacts;
  if (name === undefined) throw unprocessable([{ pointer: `/${field}`, detail: 'is required with facts' }]);
  if (Object.keys(given).length === 0) throw unprocessable([{ pointer: '/facts', detail: 'must tell something' }]);
  if (Buffer.byteLength(JSON.stringify(given)) > MAX_FACTS)
    throw unprocessable([{ pointer: '/facts', detail: `must be at most ${MAX_FACTS} bytes as JSON` }]);
  return given;
}

/** Requests with other facts are other jobs: none of the facts is lost. */
export const slugWithFacts = (slug: string, facts: GivenFacts) =>
  suffixed(slug, `facts-${createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, DIGITS)}`);

/** What it is about, in the words of the request. */
export const SynopsisField = (example: string) =>
  ProseField({ required: false, max: MAX_SYNOPSIS, example, description: 'What the text is to be made of' });
