import { diffWords } from 'diff';

export interface Piece {
  text: string;
  change: 'added' | 'removed' | 'same';
}

/** Steps after which two texts count as wholly different: the comparison must not hold up the page. */
const MOST_EDITS = 4000;

/** What became of a text, word by word as its language has words. */
export function changes(before: string, after: string, locale: string): Piece[] {
  const intlSegmenter = new Intl.Segmenter(locale, { granularity: 'word' });
  const parts = diffWords(before, after, { intlSegmenter, maxEditLength: MOST_EDITS });
  if (!parts)
    return [
      { text: before, change: 'removed' },
      { text: after, change: 'added' },
    ];
  return parts.map(({ value, added, removed }) => ({
    text: value,
    change: added ? 'added' : removed ? 'removed' : 'same',
  }));
}
