import { namesIn } from '../names-in.js';
import { plainWords } from './fold.js';
import { type Verdict, verdictOn } from './verdict.js';

/**
 * Whether a film is by the director who was asked for. Of several who are named one has to be among those who made it.
 * "The Coen Brothers" and "Lord & Miller" are known by their last names, which prove it, and whose lack proves nothing.
 */
export function makerVerdict(asked: string, directors: string[]): Verdict {
  if (directors.length === 0)
    return { is: 'unclear', reason: `The answer tells no director, and the request says ${asked}.` };
  const named = namesIn(asked);
  const found = named.length > 0 ? named.map((one) => personVerdict(one, directors)) : [groupVerdict(asked, directors)];
  const is = (['same', 'unclear'] as const).find((one) => found.includes(one)) ?? 'other';
  if (is === 'same') return { is };
  return { is, reason: `It is directed by ${directors.join(', ')}, not by ${asked}.` };
}

function personVerdict(text: string, [main, ...others]: string[]): Verdict['is'] {
  const asked = { entity: 'PERSON' as const, text, base: '', year: null };
  return verdictOn(asked, { main: main!, others, year: null, anyProves: true }).is;
}

function groupVerdict(asked: string, directors: string[]): Verdict['is'] {
  const words = plainWords(asked);
  const families = directors.map((name) => plainWords(name).at(-1)!);
  return families.some((family) => words.includes(family) || words.includes(`${family}s`)) ? 'same' : 'unclear';
}
