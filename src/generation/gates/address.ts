import type { Gate } from './gate.js';
import { sentencesOf } from './sentences.js';
import { folded, withoutNames } from './words.js';

/** What comes before a sign is looked for from there, and not from each letter on. */
const ADDRESSES = [
  /(?<=\b[a-z][a-z\d+.-]*):\/\/\S/,
  /\bwww\.[a-z\d-]/,
  /[\w+-]@[\w-]+\.[a-z]{2,}/,
  /[a-z\d]\.(?:com|org|net|info|io|tv|edu|gov|pl|de|fr|es|eu|uk|co|me|ly|be|gg|app|dev)\/[\w?#-]/,
  /\w ?[[(] ?at ?[\])] ?\w/,
];
/** A film may be about a website, which has such a name. */
const SITE = /(?<=\b[a-z\d-]{2,})\.(?:com|org|net|info|io|tv|pl|de|fr|es|eu|co\.uk)\b/;
/** Words that send the reader there. */
const INVITATION = new RegExp(
  '\\b(?:' +
    'visit|see|read more|more (?:at|on)|find out|learn more|watch (?:it )?(?:at|on)|available (?:at|on)|' +
    '(?:watched|streamed|seen|found|bought|rented) (?:at|on)|download|source|wiecej|odwiedz|zobacz|' +
    "sprawdz|zrodlo|besuch\\w*|mehr|siehe|quelle|visitez|voir|plus d'info\\w*|en savoir|consultez|" +
    'visit[ae]|mas (?:en|informacion)|ver en|consult[ae]|fuente' +
    ')\\b',
);

/** Addresses: a model makes them up, and a description is no advertisement. */
export const address: Gate = (text, context) => {
  const sentences = sentencesOf(withoutNames(text, context)).map(folded);
  const isAddress = (sentence: string) =>
    ADDRESSES.some((form) => form.test(sentence)) || (SITE.test(sentence) && INVITATION.test(sentence));
  return sentences.some(isAddress) ? 'It has an address in it (of a site or of mail): leave all addresses out.' : null;
};
