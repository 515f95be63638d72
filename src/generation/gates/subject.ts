import { type Kind, KINDS } from '../../domain/kinds.js';
import { dated } from './dated.js';
import type { GateContext } from './gate.js';
import { FILM, isAside, isNoTitle, isRelated, type Subject } from './titles.js';
import { folded, hasName } from './words.js';

const BRACKET = new RegExp(
  '^["“„«»‘]?(?<title>[^.!?()\\n"“”„«»]{1,80}?)["”“»«’]?,? \\((?<inside>[^()]{2,120})\\)(?<after>.{0,16})',
  'u',
);
const RELEASED = /(?:^|[,;] )(?<year>(?:18|19|20)\d\d)$/;
const BORN =
  /(?:\b(?:born|b\.|ur\.|urodzon[ya]|geb\.|geboren|ne|nee|nacid[oa]|n\.) |\*)[^()]*?\b(?<year>1\d\d\d|20\d\d)\b/;
/** "1955–2017", "17 May 1955 – 25 February 2017". */
const LIFE = /\b(?<year>1\d\d\d|20\d\d) ?[–—-].*?\b(?<death>1\d\d\d|20\d\d)$/;
/** In years: a series and a war have theirs in brackets, too. */
const SHORTEST_LIFE = 20;
const IS = /^ (?:is|was|ist|war|to|jest|byl|est|etait|es|fue|era)\b/;

const YEAR = '(?<year>(?:18|19|20)\\d\\d)';
/** "Aliens is a film … from 1986", in folded words of each language. */
const is = (verb: string, article: string, of: string) =>
  `^(?<title>.{1,80}?) (?:${verb}) (?:${article})(?<between>[^.,]{0,60}?\\b${FILM}\\b[^.,]{0,70}?),? (?:${of}) ${YEAR}`;
/** Then follows the story, or another work: "a drama about a letter from 1933", "a remake of a film from 1933". */
const TURN = new RegExp(
  '\\b(?:about|on|set|over|sur|entre|sobre|uber|um|o|' +
    "(?:sequel|prequel|remake|version|adaptation|suite|secuela) (?:to|of|du|d'|de|des|del|von|zu|zum|filmu))\\b",
);
/** "James Cameron's 1986 film"; "unlike James Cameron's 1986 film" is something else. */
const WHOSE = "(?!(?:unlike|like|not|no|beyond|to) )(?:[\\p{L}.-]+ ){0,2}[\\p{L}.-]+'s?";
const DEFINITIONS = [
  `^(?<title>.{1,80}?) (?:is|was) (?:an?|the|${WHOSE}) ${YEAR} (?:[\\p{L}-]+ ){0,6}${FILM}`,
  is('is|was', 'an?|the', 'from|(?:which was )?released in|made in'),
  is('ist|war', 'eine?|der|die|das', 'von|aus dem jahre?|des jahres'),
  is('to jest|to|jest|[–—-]', '', 'z|z roku'),
  is('est|etait', 'une?|le|la', 'de|sortie? en|realisee? en'),
  is('es|fue', 'una?|el|la', 'de|del ano|estrenad[oa] en'),
  // Italian and Portuguese.
  is('e', 'una?|il|la|uma?|o|a', 'del|uscito nel|de|lancado em'),
  `^(?<title>[^,.]{1,60}), (?:the|an?|${WHOSE}) ${YEAR} (?:[\\p{L}-]+ ){0,4}${FILM}\\b(?!')`,
].map((form) => new RegExp(form, 'u'));

const QUOTED = '["“„«»‘](?<title>[^"“”„«»\\n]{1,80}?),?["”“»«’]';
/** 'The 1932 film "Grand Hotel"', 'Film „Ludzie w hotelu” z 1932 roku': a mark tells a title from what a film does. */
const NAMED = [
  `^(?:the |der |das |le |la |el )?${FILM} ${QUOTED},? (?:from|of|z|z roku|von|aus dem jahre?|de|sortie? en|` +
    `del ano|` +
    `(?:which was )?released in) ${YEAR}`,
  `^(?:the |le |la |el |der |das )${YEAR}(?:er)? (?:\\p{L}+ ){0,3}?${FILM},? ${QUOTED}`,
].map((form) => new RegExp(form, 'u'));

/** @returns `null` where it names nothing, or something beside what the text is about */
export function subjectOf(first: string, { entity, known }: GateContext): Subject | null {
  const { called } = KINDS[entity];
  const forms = called === 'TITLE' ? [bracketed, quoted, defined, dated] : [bracketed, dated];
  const subjects = forms.map((form) => form(first, called));
  return subjects.find((subject) => subject !== null && !hasName(subject.title, known)) ?? null;
}

function bracketed(first: string, called: Kind['called']): Subject | null {
  const { title, inside, after } = BRACKET.exec(first)?.groups ?? {};
  const words = folded(inside ?? '').trim();
  const year = called === 'TITLE' ? RELEASED.exec(words)?.groups!.year : bornIn(words);
  if (!year || isAside(title!, after!) || isRelated(title!, after!, called)) return null;
  return { title: title!.trim(), year: Number(year), by: IS.test(folded(after!)) ? 'DEFINITION' : 'OPENING' };
}

function bornIn(inside: string): string | undefined {
  const { year, death } = LIFE.exec(inside)?.groups ?? {};
  return BORN.exec(inside)?.groups!.year ?? (Number(death) - Number(year) >= SHORTEST_LIFE ? year : undefined);
}

function quoted(first: string): Subject | null {
  const { title, year } = firstOf(NAMED, folded(first)) ?? {};
  return title === undefined ? null : { title, year: Number(year), by: 'OPENING' };
}

function defined(first: string): Subject | null {
  const { title, between, year } = firstOf(DEFINITIONS, folded(first).replace(/["“”„«»]/g, '')) ?? {};
  if (title === undefined || TURN.test(between ?? '') || isNoTitle(title) || isAside(title, ',')) return null;
  return { title, year: Number(year), by: 'DEFINITION' };
}

const firstOf = (forms: RegExp[], text: string) => forms.map((form) => form.exec(text)?.groups).find(Boolean);
