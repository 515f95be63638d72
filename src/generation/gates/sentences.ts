/** A full stop after one of these ends no sentence; nor does one after an initial. */
const ABBREVIATION = new RegExp(
  '(?:^|[\\s(“„«"])(?:\\p{Lu}|Dr|Mr|Mrs|Ms|Mme|Mlle|St|Ste|Prof|Jr|Sr|Sra|Vol|No|Nr|vs|ca|bzw|ul|np|tzw|' +
    'm\\.in|z\\. ?B|d\\. ?h|u\\. ?a|p\\. ?ej)\\.["”»]?\\s*$',
  'u',
);
/** Thai ends a sentence with a space and nothing else; a Greek question ends with what looks like a semicolon. */
const THAI = '\\p{Script=Thai}';
const THAI_END = new RegExp(`(?<=\\S{20}${THAI} )(?=${THAI})`, 'u');
/** French sets a space before what closes a quotation. */
const END = new RegExp(
  `(?:[\\p{Sentence_Terminal}…]|${THAI}|\\p{Script=Greek}[;\u037e])[\\s"'’”“»«„」』》）)\\]]*$`,
  'u',
);
/** Goes on after a question or a call inside of a sentence. */
const GOES_ON = /^["'”»\s]*\p{Ll}/u;
/** A German date has a stop after its day. */
const DAY = /\b\d{1,2}\.$/;
const MONTH = /^(?:Jan|Jän|Feb|März|April|Mai|Jun|Jul|Aug|Sept|Okt|Nov|Dez)/;
/** Nobody ends a text with one: what follows has been cut off. */
const UNFINISHED = /\s(?:Dr|Mr|Mrs|Ms|Mme|Prof)\.\s*$/;

const SEGMENTER = new Intl.Segmenter('en', { granularity: 'sentence' });

/** The sentences of a text with the space after them, in order: together they are the text. */
export function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  let open = '';
  for (const segment of segmentsOf(text)) {
    if (open !== '' && !isOpen(open, segment)) {
      sentences.push(open);
      open = '';
    }
    open += segment;
  }
  return open === '' ? sentences : [...sentences, open];
}

/** Longer than any abbreviation with what stands around it, characters. */
const LAST_PART = 16;

/** The end of a sentence says it: reading all of one that grows takes time by the square of its length. */
function isOpen(sentence: string, next: string): boolean {
  const end = sentence.trimEnd().slice(-LAST_PART);
  const isDay = () => MONTH.test(next) && DAY.test(end) && /\s$/.test(sentence.slice(-1));
  return ABBREVIATION.test(end) || GOES_ON.test(next) || isDay();
}

function* segmentsOf(text: string) {
  for (const { segment } of SEGMENTER.segment(text)) yield* segment.split(THAI_END);
}

/** Whether a text ends where a sentence does, a quotation or a bracket closed after it. */
export const endsWithSentence = (text: string) => END.test(text) && !UNFINISHED.test(text);

/**
 * The whole sentences of a text that fit into `max` code points.
 * @returns an empty string when the first one does not
 */
export function cutAtSentence(text: string, max: number): string {
  if ([...text].length <= max) return text;
  let kept = '';
  let fits = '';
  for (const sentence of sentencesOf(text)) {
    kept += sentence;
    if ([...kept.trimEnd()].length > max) break;
    if (endsWithSentence(kept)) fits = kept.trimEnd();
  }
  return fits;
}
