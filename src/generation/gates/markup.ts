import type { Gate } from './gate.js';
import { withoutNames } from './words.js';

const LETTER = '[\\p{L}\\p{N}*_]';
/** An asterisk may belong to a title (M*A*S*H, *batteries not included): marks come in pairs, around whole words. */
const MARKDOWN = [
  /^#{1,6} \S/m,
  /^[ \t]*([-*_=])\1{2,}[ \t]*$/m,
  /^[ \t]*[-*+•] \S.*\n\s*[-*+•] \S/m,
  /^[ \t]*1[.)] \S.*\n\s*2[.)] \S/m,
  /^> \S/m,
  /^\|.*\|[ \t]*$/m,
  /\[[^\]\n]+\]\([^)\s]+\)/,
  new RegExp(`(?<!${LETTER})\\*{1,3}[^\\s*][^*\\n]*(?<!\\s)\\*{1,3}(?!${LETTER})`, 'u'),
  new RegExp(`(?<!${LETTER})_{1,3}[^\\s_][^_\\n]*(?<!\\s)_{1,3}(?!${LETTER})`, 'u'),
  /(?<!\p{L})`[^`\n]+`(?!\p{L})/u,
  /~~[^\s~][^~\n]*~~/,
];

/** Headings, lists, bold words: the text is shown as it is. */
export const markup: Gate = (text, context) => {
  const plain = withoutNames(text, context);
  return MARKDOWN.some((mark) => mark.test(plain))
    ? 'It has Markdown in it (headings, lists, asterisks, links): write plain prose without any markup.'
    : null;
};
