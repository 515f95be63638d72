import type { Asked } from '../src/generation/asked.js';
import type { GateContext } from '../src/generation/gates/gate.js';
import type { Answered, TextKind } from '../src/generation/kind.js';
import { tellsEnding } from './endings.ts';
import type { KnownSoFar } from './known-so-far.ts';
import type { Heard } from './listening.ts';
import type { Program } from './program.ts';
import { yearsAgree } from '../src/domain/years.ts';
import type { Judged } from './records.ts';
import type { Subject } from './subjects.ts';

/** What a text is judged by. */
export interface Case {
  subject: Subject;
  asked: Asked;
  /** The answer that is judged: the first one, before any repair. */
  first: Heard | undefined;
  /** The gate that it met; `undefined`: it was not examined. */
  met: string | null | undefined;
  known: Pick<KnownSoFar['held'], 'names' | 'crew'>;
  /** First texts of the tones before. */
  earlier: string[];
}

const NOTHING: Judged = {
  schema: null,
  identity: null,
  year: null,
  director: null,
  original_title: null,
  birth_date: null,
  language: null,
  length: null,
  words: null,
  ending_untold: null,
  hits: [],
  similarity: null,
};

export const kindOf = ({ movies, people }: Program, { entity }: Pick<Subject, 'entity'>): TextKind =>
  entity === 'MOVIE' ? movies.MOVIES : people.PEOPLE;

export const asksForFacts = ({ ask }: Heard) => ask.name === 'movie' || ask.name === 'person';

/** Holds the first answer against what is true, and its text against every gate. */
export function judged(program: Program, one: Case): { judged: Judged; text: string | null } {
  const { first } = one;
  if (first === undefined) return { judged: NOTHING, text: null };
  if (first.unreadable) return { judged: { ...NOTHING, schema: false }, text: null };
  if (first.output === undefined) return { judged: NOTHING, text: null };
  const kind = kindOf(program, one.subject);
  const output = program.output.spared(first.output, kind.spare);
  const schema = typeof output === 'object' && program.output.whyNot(first.ask.schema, output) === null;
  if (!schema) return { judged: { ...NOTHING, schema }, text: null };
  if (!asksForFacts(first)) return judgedText(program, one, kind.prose(output as never), one.known);
  const answered = kind.read(output as never);
  const facts = factsJudged(program, one, answered);
  if (!answered.found) return { judged: { ...NOTHING, ...facts, schema }, text: null };
  const { names, crew } = program.questions.heldOf(answered);
  const { judged: found, text } = judgedText(program, one, answered.prose, { names, crew }, answered);
  return { judged: { ...found, ...facts }, text };
}

function factsJudged(program: Program, { subject, met }: Case, answered: Answered): Partial<Judged> {
  const { found, year } = answered;
  const identity = found && met !== 'identity';
  if (!found) return { identity };
  return {
    identity,
    year: year !== null && yearsAgree(year, subject.year),
    director: isDirectedRight(program, subject, answered),
    original_title: isTitledRight(program, subject, answered),
    birth_date: subject.birthDate === null ? null : answered.facts.birth_date === subject.birthDate,
  };
}

/** Right: somebody is named, and nobody who did not direct it. */
function isDirectedRight({ verdict }: Program, { directors }: Subject, { credits }: Answered): boolean | null {
  if (directors.length === 0) return null;
  const told = credits.filter(({ role }) => role === 'DIRECTOR').map(({ text }) => text);
  if (told.length === 0) return false;
  const verdicts = told.map((name) =>
    directors.map((text) => {
      const asked = { entity: 'PERSON' as const, text, base: '', year: null };
      return verdict.verdictOn(asked, { main: name, others: [], year: null }).is;
    }),
  );
  if (verdicts.every((of) => of.includes('same'))) return true;
  // Of a name in another script letters do not tell.
  return verdicts.every((of) => of.includes('same') || of.includes('unclear')) ? null : false;
}

function isTitledRight({ verdict }: Program, subject: Subject, { text, original, year }: Answered): boolean | null {
  if (subject.originalTitle === null) return null;
  const asked = { entity: 'MOVIE' as const, text: subject.originalTitle, base: '', year: subject.year };
  const { is } = verdict.verdictOn(asked, { main: original ?? text, others: [], year: year ?? subject.year });
  return is === 'unclear' ? null : is === 'same';
}

/** @param answered missing: the text came alone */
function judgedText(
  program: Program,
  { asked, first, earlier }: Case,
  text: string,
  { names, crew }: Case['known'],
  answered?: Answered,
): { judged: Judged; text: string } {
  const { entity, locale } = asked;
  const context: GateContext = {
    entity,
    locale,
    names: [...names, asked.text, answered?.localized ?? null].filter((name) => name !== null),
    year: answered?.year ?? asked.year,
    known: crew,
    instructions: first!.ask.instructions,
    siblings: earlier,
  };
  const words = program.words.lengthOf(text);
  const { least, most } = program.length.ASKED;
  const tells = entity === 'MOVIE' ? tellsEnding(text, locale) : null;
  const found: Judged = {
    ...NOTHING,
    schema: true,
    words,
    length: words >= least && words <= most,
    ending_untold: tells === null ? null : !tells,
    hits: hitsOf(program, text, context),
    similarity: earlier.length === 0 ? null : Math.max(...earlier.map((one) => program.sameness.overlap(text, one))),
  };
  return { judged: { ...found, language: words === 0 ? null : !found.hits.includes('language') }, text };
}

/** All of them, where the program is content with the first. */
function hitsOf({ gates, length }: Program, text: string, context: GateContext): string[] {
  if (length.isEndless(text)) return ['length'];
  return Object.entries(gates.GATES)
    .filter(([, gate]) => gate(text, context) !== null)
    .map(([name]) => name);
}
