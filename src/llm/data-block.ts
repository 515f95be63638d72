/**
 * Characters that would end the block, or that a model reads as a mark of its own.
 * They are tags, chat tokens, fences and headings of prompt templates, and what nobody sees.
 */
const MARKS = /[<>|`#]|\[(?=\/?\p{Lu})|[\p{Cf}\p{Co}\p{Zl}\p{Zp}\u007f-\u009f]/gu;

/** Data as one JSON block in which nothing looks like an instruction's end. As JSON it says what was given. */
export const escaped = (data: object) => '```json\n' + JSON.stringify(data).replace(MARKS, inCode) + '\n```';

/** In units of UTF-16, as JSON wants it. */
const inCode = (mark: string) =>
  Array.from({ length: mark.length }, (_, unit) => `\\u${mark.charCodeAt(unit).toString(16).padStart(4, '0')}`).join(
    '',
  );
