import { readFileSync } from 'node:fs';
import { BUILT_IN, type Tone } from '../domain/tones.js';
import { CONTEXT_FORM, DEFAULT_CONTEXT } from '../domain/vocabulary.js';

/** A list of more nobody chooses from. */
const MOST_TONES = 50;
/** Longest instructions, and longest description, characters. Every call of the model carries the first. */
const MOST_INSTRUCTIONS = 1000;
const MOST_DESCRIPTION = 200;

const NAME = new RegExp(CONTEXT_FORM.pattern);
const MEMBERS = ['name', 'description', 'instructions'];

/**
 * Reads the tones of a file, a JSON list of names of built-in ones and of objects. These have `name`, `instructions`
 * (a text, or one for `movie` and one for `person`) and perhaps `description`. DEFAULT is always there.
 * @throws Error that says what is wrong, in one line
 */
export function tonesIn(file: string): Tone[] {
  const listed = contentOf(file);
  if (!Array.isArray(listed) || listed.length === 0 || listed.length > MOST_TONES)
    throw new Error(`${file} must hold a JSON list of 1..${MOST_TONES} tones`);
  const tones = listed.map((item, n) => toneFrom(item, `tone ${n + 1} of ${file}`));
  const names = tones.map(({ name }) => name.toLowerCase());
  const twice = names.find((name, n) => names.indexOf(name) !== n);
  if (twice !== undefined) throw new Error(`${file} has two tones named ${twice}; upper and lower case are the same`);
  if (tones.some(({ name }) => name === DEFAULT_CONTEXT)) return tones;
  if (names.includes(DEFAULT_CONTEXT.toLowerCase())) throw new Error(`${file} must spell ${DEFAULT_CONTEXT} like that`);
  return [BUILT_IN[0]!, ...tones];
}

function contentOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8').replace(/^\ufeff/, ''));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(code === undefined ? `${file} is not JSON` : `cannot read ${file} (${code})`, { cause: error });
  }
}

function toneFrom(item: unknown, where: string): Tone {
  const builtIn = BUILT_IN.find(({ name }) => name === item);
  if (builtIn) return builtIn;
  if (typeof item === 'string')
    throw new Error(`${where}: ${JSON.stringify(item)} is not built in; it needs a name and instructions`);
  if (typeof item !== 'object' || item === null || Array.isArray(item)) throw new Error(`${where} must be an object`);
  const { name, description = null, instructions, ...others } = item as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new Error(`${where}: ${unknown} is none of ${MEMBERS.join(', ')}`);
  if (typeof name !== 'string' || name.length > CONTEXT_FORM.maxLength || !NAME.test(name))
    throw new Error(`${where}: name takes 1..${CONTEXT_FORM.maxLength} letters, digits, - and _, a letter first`);
  if (description !== null && !isText(description, MOST_DESCRIPTION))
    throw new Error(`${where}: description takes a text of 1..${MOST_DESCRIPTION} characters`);
  return { name, description, instructions: instructionsFrom(instructions, where) };
}

function instructionsFrom(given: unknown, where: string): Tone['instructions'] {
  const by = typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : {};
  const { movie, person, ...others } = typeof given === 'string' ? { movie: given, person: given } : by;
  if (Object.keys(others).length === 0 && isText(movie, MOST_INSTRUCTIONS) && isText(person, MOST_INSTRUCTIONS))
    return { MOVIE: movie.trim(), PERSON: person.trim() };
  const each = `a text of 1..${MOST_INSTRUCTIONS} characters`;
  throw new Error(`${where}: instructions takes ${each}, or an object with one for movie and one for person`);
}

/** Text without control characters, save for line breaks. */
const isText = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.trim() !== '' && value.length <= most && !/(?![\r\n\t])\p{Cc}/u.test(value);
