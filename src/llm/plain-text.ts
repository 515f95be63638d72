import sanitizeHtml from 'sanitize-html';

/**
 * A model's text, made safe to store and show: no markup, no control or bidi characters, at most `max` code points.
 * @returns an empty string when nothing readable is left
 */
export function plainText(value: string | null, max: number): string {
  const text = withoutMarkup(some(value, max))
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n');
  return capped(text, max);
}

/** The same on one line, for titles and names. */
export const plainLine = (value: string | null, max: number) =>
  capped(withoutMarkup(some(value, max)).replace(/\s+/g, ' '), max);

/** Allowance for markup, as a multiple of `max`. Removing it takes time that grows with the square of the length. */
const MARKUP_ROOM = 4;
const some = (value: string | null, max: number) => (value ?? '').slice(0, MARKUP_ROOM * max);

const capped = (text: string, max: number) => [...text.trim()].slice(0, max).join('').trim();

/** Strips until nothing changes, so that no nested, escaped or broken tag is left. */
function withoutMarkup(text: string): string {
  let clean = readable(text);
  // Nearly all texts: the library takes a hundred times as long to find that there is nothing to do.
  if (!/[<>&]/.test(clean)) return clean;
  for (let round = 0; round < 10; round++) {
    const before = clean;
    clean = unescape(sanitizeHtml(readable(clean), NO_MARKUP));
    if (clean === before) return clean;
  }
  return readable(clean).replace(/[<>&]/g, '');
}

const NO_MARKUP = {
  allowedTags: [],
  allowedAttributes: {},
  nonTextTags: ['script', 'style', 'textarea', 'noscript', 'iframe'],
};

/**
 * Format characters are removed without a space (a soft hyphen is inside a word). Control characters and tags that end
 * a line become a space.
 */
const readable = (text: string) =>
  text
    .normalize('NFC')
    .replace(/(?![\u200c\u200d])\p{Cf}/gu, '')
    .replace(/[^\P{Cc}\n]|[\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/gu, ' ')
    .replace(/<\/?(p|div|br|li|ul|ol|h[1-6])\b[^<>]*>/giu, '\n');

const unescape = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
