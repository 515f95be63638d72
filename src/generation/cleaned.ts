import { isVisible } from '../http/fields.js';
import { plainLine, plainText } from '../llm/plain-text.js';
import { isNobody, isPlaceholder } from './nobody.js';

/** Characters that a name may have, and a text. Source: CHECKs of the database. */
const MAX_NAME = 200;
const MAX_TEXT = 5000;

/** A text as it is kept. */
export const cleanedText = (text: string) => plainText(text, MAX_TEXT);

/** A title as it is kept, be it "Unknown", which is a film of 2011; or the name that was asked for. */
export function cleanedTitle(title: string | null): string {
  const line = plainLine(title, MAX_NAME);
  return isVisible(line) ? line : '';
}

/** The name of somebody in a crew; empty: it is that of nobody. */
export function cleanedName(name: string | null): string {
  const line = cleanedTitle(name);
  return isNobody(line) ? '' : line;
}

/** `null`: it is not known. */
export function cleanedCharacter(name: string | null): string | null {
  const line = plainLine(name, MAX_NAME);
  return isVisible(line) && !isPlaceholder(line) ? line : null;
}

/** Names as they are kept, each once. */
export const cleanedList = (names: string[], most: number, cleaned = cleanedName) =>
  [...new Set(names.slice(0, 2 * most).map(cleaned))].filter(Boolean).slice(0, most);

/** A title without its year in brackets, as catalogues write it. */
export const yearless = (title: string, year: number | null) =>
  year === null ? title : title.replace(new RegExp(`\\s*[([]${year}[)\\]]$`), '') || title;
