import type { Kind } from '../../domain/kinds.js';
import { isAside, isNoTitle, type Subject } from './titles.js';

const YEAR = '(?<year>(?:1\\d|20)\\d\\d)\\b';
/** A word in capitals, or several with a further capital: "Her debut, released in 2001" names no title. */
const TITLE = '(?<title>\\p{Lu}[^,.() ]{0,30}(?: [^,.()]{0,60}?[\\p{Lu}\\p{N}][^,.()]{0,60}?)?)';
/** What may have come out before it became a film. */
const WORK = /\b(?:novel|book|play|album|song|game|series|roman|livre|serie|libro|novela|powieś|książ|Buch|Spiel)/iu;
const CAPITAL = "\\p{Lu}[\\p{L}\\p{M}'’-]*\\.?";
/** Two words in capitals at least: "Der Schauspieler" has one, after an article. */
const NAME =
  `(?<title>(?!(?:The|Der|Die|Das|Le|La|El|Ten|Ta) )${CAPITAL}` +
  `(?: (?:d[aei]|del|la|van|von|der|den|${CAPITAL})){0,6} ${CAPITAL})`;

/** "Aliens, released in 1986, …" and "Released in 1986, Aliens …", in each language. */
const TITLES = [
  `^${TITLE}(?:, (?:which was )?| was )(?:first )?(?:released|shown) in ${YEAR}`,
  `^${TITLE}(?:,| est) sortie? en ${YEAR}`,
  `^${TITLE}(?:,| fue) estrenad[oa] en ${YEAR}`,
  `^${TITLE}, (?:wydan[ya]|nakręcon[ya]) w ${YEAR}`,
  `^${TITLE}, ${YEAR} erschienen\\b`,
  `^(?:Released in|Sortie? en|Estrenad[oa] en|(?:Wydan|Nakręcon)[ya] w) ${YEAR}[^,.]{0,40}, (?<title>${CAPITAL})`,
];
/** "Bill Paxton, born in 1955, …", "Bill Paxton was born …" and "Born in 1955 in Fort Worth, Bill Paxton …". */
const NAMES = [
  `^${NAME}(?:, (?:who was )?| was )born [^()]{0,30}?${YEAR}`,
  `^${NAME}(?:(?:,| est) née?| naquit) [^()]{0,30}?${YEAR}`,
  `^${NAME}(?:, nacid[oa]| nació) [^()]{0,30}?${YEAR}`,
  `^${NAME}(?:, urodzon[ya]| urodziła? się) [^()]{0,30}?${YEAR}`,
  `^${NAME}, geboren [^()]{0,30}?${YEAR}`,
  `^${NAME} wurde [^()]{0,20}?${YEAR}[^.()]{0,60} geboren\\b`,
  `^(?:Born|Née?|Nacid[oa]|Urodzon[ya]|Geboren) [^()]{0,30}?${YEAR}[^()]{0,60}?, ${NAME}`,
];
const compiled = (forms: string[]) => forms.map((form) => new RegExp(form, 'u'));
const OPENINGS = { TITLE: compiled(TITLES), NAME: compiled(NAMES) };

/** What a sentence begins with, where it says when that came out, or was born. */
export function dated(first: string, called: Kind['called']): Subject | null {
  const { title, year } = OPENINGS[called].map((form) => form.exec(first)?.groups).find(Boolean) ?? {};
  if (title === undefined || isNoTitle(title) || WORK.test(title) || isAside(title, ',')) return null;
  return { title, year: Number(year), by: 'DATE' };
}
