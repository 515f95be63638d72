import { isVisible } from '../http/fields.js';
import { plainLine, plainText } from '../llm/plain-text.js';
import { isRefusal } from './gates/gates.js';
import { isNobodyBeside, isNoTitle, isPlaceholder } from './nobody.js';

/** Characters that a name may have, and a text. Source: CHECKs of the database. */
const MAX_NAME = 200;
const MAX_TEXT = 5000;

/**
 * A tag that closes or has an attribute. An end alone does nothing, and a beginning alone neither: `</Scorpion>` and
 * `<<rewind` are titles. So is `&lt;script&gt;`, which is shown and not obeyed.
 */
const MARKUP = /<[a-z!?][^<]*[>=]/i;

/** A text as it is kept. The names in it stay as they are, unless that leaves markup: `<<< Rewind` is a title. */
export function cleanedText(text: string, names: string[]): string {
  const plain = plainText(text, MAX_TEXT);
  const odd = names.filter((name) => /[<>&]/.test(name)).sort((one, other) => other.length - one.length);
  if (odd.length === 0) return plain;
  const marked = odd.reduce((rest, name, n) => rest.replaceAll(name, markOf(n)), text);
  const kept = odd.reduce((rest, name, n) => rest.replaceAll(markOf(n), () => name), plainText(marked, MAX_TEXT));
  // A name that stands in the middle of a tag takes it apart: then more would be lost than that name.
  return MARKUP.test(kept) || kept.length < plain.length ? plain : kept;
}

/** Names as they are, and as a text has them where they look like markup. */
export const asKept = (names: string[]) =>
  [...new Set(names.flatMap((name) => [name, plainLine(name, MAX_NAME)]))].filter(Boolean);

/** Letters that no text has in a row. */
const markOf = (n: number) => `Xqzjx${n}xjzqX`;

/** A title as it is kept, be it "Unknown", which is a film of 2011; or the name that was asked for. */
export function cleanedTitle(title: string | null): string {
  const line = plainLine(title, MAX_NAME);
  return isVisible(line) ? line : '';
}

/** A further title; empty: it stands for none. */
export function cleanedOther(title: string | null): string {
  const line = cleanedTitle(title);
  return isNoTitle(line) ? '' : line;
}

/** What no title has in it: the address of a site or of mail. */
const ADDRESS = /:\/\/|\bwww\.|\S@\S+\.|\.\p{L}{2,}\//iu;

/** A title in the language of a text; empty: it stands for none, and may be words on why there is none. */
export function cleanedLocal(title: string | null): string {
  const line = cleanedOther(title);
  return ADDRESS.test(line) || isRefusal(line) ? '' : line;
}

/** The name of somebody; empty: it stands for none. */
export function cleanedName(name: string | null): string {
  const line = cleanedTitle(name);
  return isPlaceholder(line) ? '' : line;
}

/** A further name of somebody who has that main one; empty: it is that of nobody, or of a family. */
export function cleanedAlias(name: string | null, own: string): string {
  const line = cleanedTitle(name);
  return isNobodyBeside(line, own) ? '' : line;
}

/** `null`: it is not known. */
export function cleanedCharacter(name: string | null): string | null {
  const line = plainLine(name, MAX_NAME);
  return isVisible(line) && !isPlaceholder(line) ? line : null;
}

/** Names as they are kept, each once. */
export const cleanedList = (names: string[], most: number, cleaned: (name: string) => string | string[]) =>
  [...new Set(names.slice(0, 2 * most).flatMap(cleaned))].filter(Boolean).slice(0, most);

/** A title without its year in brackets, as catalogues write it. */
export const yearless = (title: string, year: number | null) =>
  year === null ? title : title.replace(new RegExp(`\\s*[([]${year}[)\\]]$`), '') || title;
