import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const LONGEST_LINE = 120;
const MOST_WORDS = 25;

const files = ['src', 'bin', 'migrations', 'web/src'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(tsx?|js)$/.test(file))
    .map((file) => join(folder, file)),
);
/** What the page says is not wrapped. */
const SAID = /^web\/src\/words\/\w\w\//;

/** A block comment, or `//` lines that follow each other. */
const COMMENT = /^[ \t]*\/\*[\s\S]*?\*\/|^[ \t]*\/\/.*(?:\n[ \t]*\/\/.*)*/gm;
/** What stands before the text of a line, and behind that of the last one. */
const FRAME = /^[ \t]*(?:\/\*\*?|\*\/|\*|\/\/) ?| ?\*\/$/g;
/** A list item or a tag. Further lines of it are indented. */
const ITEM = /^(?:- |\d+\. |@)/;
/** A full stop, and what begins the next sentence. */
const END = /(?<=[.!?])["')]*\s+(?=["'({]*[A-Z0-9/`])/;

/** Paragraphs and list items. An indented line that continues no item is a picture, not prose. */
function paragraphsOf(comment: string): string[] {
  const paragraphs: string[] = [''];
  for (const line of comment.split('\n').map((raw) => raw.replace(FRAME, ''))) {
    const isItem = ITEM.test(paragraphs.at(-1)!);
    if (line.trim() === '' || ITEM.test(line)) paragraphs.push(line);
    else if (!line.startsWith('  ') || isItem) paragraphs.push(`${paragraphs.pop()} ${line.trim()}`.trim());
  }
  return paragraphs.filter((text) => text.trim() !== '');
}

const wordsOf = (sentence: string) => sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));

function longSentences(file: string): string[] {
  const comments = readFileSync(file, 'utf8').match(COMMENT) ?? [];
  const sentences = comments.flatMap(paragraphsOf).flatMap((paragraph) => paragraph.split(END));
  return sentences.filter((sentence) => wordsOf(sentence).length > MOST_WORDS).map((text) => `${file}: ${text}`);
}

describe('the source', () => {
  it(`has no line of more than ${LONGEST_LINE} characters`, () => {
    const long = files
      .filter((file) => !SAID.test(file))
      .flatMap((file) =>
        readFileSync(file, 'utf8')
          .split('\n')
          .flatMap((line, n) => (line.length > LONGEST_LINE ? [`${file}:${n + 1} has ${line.length}`] : [])),
      );
    expect(long).toEqual([]);
  });

  it(`has no comment with a sentence of more than ${MOST_WORDS} words`, () => {
    expect(files.filter((file) => file.startsWith('src') || file.startsWith('web')).flatMap(longSentences)).toEqual([]);
  });

  it('is measured by words, across lines, and not by pictures', () => {
    const words = Array.from({ length: 13 }, (_, n) => `word${n}`).join(' ');
    const lines = [words, `${words}.`, '', `  a → b ${words} ${words}`, `- ${words}`, `  ${words}.`];
    const comment = ['/**', ...lines.map((line) => ` * ${line}`), ' */'].join('\n');
    expect(paragraphsOf(comment).map((text) => wordsOf(text).length)).toEqual([26, 26]);
  });
});
