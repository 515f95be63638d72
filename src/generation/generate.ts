import type { DataSource } from 'typeorm';
import { factsOf, textsOf } from '../catalog/facts.js';
import { spelledLike } from '../catalog/search.js';
import { type Found, isOpen, type Row, seekAll, type Sought } from '../catalog/sought.js';
import type { Result, Told } from '../catalog/told.js';
import { Batched } from '../database/batched.js';
import { inTransaction } from '../database/transaction.js';
import { GenerationFailure } from '../domain/failure.js';
import { ENTITIES, type EntityKind, KINDS } from '../domain/kinds.js';
import { slugOf } from '../domain/slug.js';
import { type Suggested, suggestionOf } from '../domain/suggestion.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import type { Llm } from '../llm/llm.js';
import { type Asked, askedBy, named, soughtBy, storedAs } from './asked.js';
import { cleanedText } from './cleaned.js';
import { Dialogue } from './dialogue.js';
import { firstFault } from './gates/gates.js';
import { choicesIn, isCalled, whoseItIs } from './identity/whose.js';
import type { Answered, Generated, TextKind } from './kind.js';
import { factsQuestion, identityQuestion, type Question, repaired, textQuestion } from './questions.js';
import { whyNot } from './structured-output.js';

export { loadDetector } from './gates/language.js';

/** What is wrong with an answer, and what the try ends with when its repair is no better. */
interface Fault {
  reason: string;
  refusal?: boolean;
}

/** What is known when the model is asked. */
interface Known {
  asked: Asked;
  /** The row that is known; `null`: none is. */
  row: Row | null;
  /** Every name of it, and those whom its facts name. */
  names: string[];
  crew: string[];
  /** Whether facts are asked for as well. */
  wantsFacts: boolean;
  question: Question;
  /** Others of the name, in the catalogue. */
  several: Suggested[];
}

/** An answer that is fit, and what it comes to. */
type Fit = Pick<Result, 'subject' | 'text' | 'alternatives'>;

/** Most looks at the catalogue at once, and most jobs in one. */
const AT_ONCE = 3;
const MOST = 25;

/**
 * Writes one text, in one try:
 *
 * 1. what is known of it? Of several that the name means nothing is guessed;
 * 2. ask: for a text about what is known, else for facts and a text;
 * 3. identify: is it the film or the person that was asked for? What is unclear is asked;
 * 4. gate: is the text fit?
 * 5. what fails is asked for once more, with the reason; then it is what it is.
 */
export class Writing {
  private readonly seeking = new Batched((all: Sought[]) => this.seek(all), AT_ONCE, MOST);

  constructor(
    private readonly llm: Llm,
    private readonly db: DataSource,
  ) {}

  /** @throws GenerationFailure, or the signal's reason when aborted */
  async generate(kind: TextKind, job: GenerationJob, signal: AbortSignal): Promise<Generated> {
    const dialogue = new Dialogue(this.llm, signal);
    try {
      const known = await this.whatIsKnown(kind, job);
      const fit = await this.fitAnswer(kind, known, dialogue);
      const usage = dialogue.usage!;
      return { usage, result: { ...fit, job, asked: storedAs(known.asked, job), model: usage.model } };
    } catch (error) {
      throw error instanceof GenerationFailure ? error.after(dialogue.usage) : error;
    }
  }

  /** What jobs that began together ask the catalogue. */
  private async seek(all: Sought[]): Promise<Found[]> {
    const found = new Map<Sought, Found>();
    for (const entity of new Set(all.map((one) => one.entity))) {
      const own = all.filter((one) => one.entity === entity);
      for (const [n, one] of (await seekAll(this.db, entity, own)).entries()) found.set(own[n]!, one);
    }
    return all.map((one) => found.get(one)!);
  }

  private async whatIsKnown(kind: TextKind, job: GenerationJob): Promise<Known> {
    const asked = askedBy(job);
    const { row, several } = await this.seeking.ask(soughtBy(asked));
    if (several.length > 0 && !asked.choose) throw ambiguous(asked, several);
    // A slug alone may be that of what is there: then its words need not be guessed.
    const spelled = row && asked.text === null ? { ...asked, text: row.text, year: asked.year ?? row.year } : asked;
    const meant = row?.known ? { ...spelled, year: asked.year ?? row.year } : spelled;
    const texts = row ? await textsOf(this.db, KINDS[asked.entity], row.id) : [];
    const about = { kind, asked: meant, texts, traceparent: job.traceparent };
    const common = { asked: meant, row: row?.known ? row : null, several };
    if (!row?.known || asked.refresh)
      return { ...common, names: [], crew: [], wantsFacts: true, question: factsQuestion(about) };
    const { facts, names, crew } = await factsOf(this.db, KINDS[asked.entity], row.id);
    return { ...common, names, crew, wantsFacts: false, question: textQuestion({ ...about, facts }) };
  }

  private async fitAnswer(kind: TextKind, known: Known, dialogue: Dialogue): Promise<Fit> {
    let output = await dialogue.ask(known.question.ask);
    const first = await this.examine(kind, known, output, dialogue);
    if ('subject' in first) return first;
    if (!dialogue.mayAsk) throw failed(first);
    output = await dialogue.ask(repaired(known.question, first.reason, output));
    const second = await this.examine(kind, known, output, dialogue);
    if ('subject' in second) return second;
    throw failed(second);
  }

  /** @throws GenerationFailure for what no repair mends */
  private async examine(kind: TextKind, known: Known, output: unknown, dialogue: Dialogue): Promise<Fit | Fault> {
    const { asked, question, row, wantsFacts, several } = known;
    const misfit = whyNot(question.ask.schema, output);
    if (misfit !== null) return { reason: misfit };
    const alternatives = several.length > 0 ? { alternatives: several.slice(1) } : {};
    if (row && !wantsFacts) {
      const text = this.gated(known, kind.prose(output as never), known);
      return typeof text === 'string' ? { subject: { row: row.id, told: null }, text, ...alternatives } : text;
    }
    const answered = asSpelled(asked, output, kind.read(output as never));
    if (!answered.found) throw await this.notFound(asked);
    const others = this.othersOf(known, answered);
    const whose = await this.identify(known, answered, dialogue);
    if (whose !== null) return whose;
    const text = this.gated(known, answered.prose, toldNames(answered));
    if (typeof text !== 'string') return text;
    return {
      subject: { row: row?.id ?? null, told: toldBy(asked.entity, answered) },
      text,
      ...alternatives,
      ...others,
    };
  }

  /** Which others the name means. @throws GenerationFailure AMBIGUOUS when nothing says which */
  private othersOf({ asked, several }: Known, answered: Answered): Pick<Fit, 'alternatives'> {
    if (!isOpen(soughtBy(asked)) || several.length > 0) return {};
    const [first, ...others] = choicesIn(asked, answered).map(({ text, year }) => ({
      slug: slugOf(text, year),
      text,
      year,
    }));
    if (!first || others.length === 0) return {};
    if (!asked.choose) throw ambiguous(asked, [first, ...others]);
    return { alternatives: others };
  }

  /** @returns what is wrong with it; `null`: it is about what was asked for */
  private async identify({ asked, question }: Known, answered: Answered, dialogue: Dialogue): Promise<Fault | null> {
    const verdict = whoseItIs(asked, answered);
    if (verdict.is === 'same') return null;
    if (verdict.is === 'other' || !dialogue.mayAsk) return { reason: verdict.reason };
    const ask = identityQuestion(asked, answered, question.ask);
    const output = await dialogue.ask(ask);
    const confirmed = whyNot(ask.schema, output) === null && (output as { same: boolean }).same;
    return confirmed ? null : { reason: verdict.reason };
  }

  /** As it is kept, or what is wrong with it, as it was written and as it would be kept. */
  private gated(
    { asked, question }: Known,
    written: string,
    { names, crew, year = asked.year }: Pick<Known, 'names' | 'crew'> & { year?: number | null },
  ): string | Fault {
    const { entity, locale } = asked;
    const called = [...names, ...(asked.text === null ? [] : [asked.text])];
    const context = {
      entity,
      locale,
      names: called,
      year,
      known: crew,
      instructions: question.ask.instructions,
      siblings: question.siblings,
    };
    const text = cleanedText(written, called);
    return firstFault(written, context) ?? (text === written ? null : firstFault(text, context)) ?? text;
  }

  private async notFound(asked: Asked): Promise<GenerationFailure> {
    const { word } = KINDS[asked.entity];
    const words = asked.text ?? asked.base;
    const alike = await inTransaction(this.db, (tx) => spelledLike(tx, KINDS[asked.entity], words));
    const suggestions = alike.map((one) => suggestionOf(asked.entity, one));
    const message = `The model knows no such ${word === 'movie' ? 'film' : word}.`;
    return new GenerationFailure('NOT_FOUND', message, {
      retryable: false,
      ...(suggestions.length > 0 && { suggestions }),
    });
  }
}

/** What was asked for may look like markup, and is a name: `</Scorpion>` is one. */
function asSpelled({ entity, text }: Asked, output: unknown, answered: Answered): Answered {
  const written = (output as Record<string, unknown>)[KINDS[entity].text];
  return text !== null && written === text ? { ...answered, text } : answered;
}

function ambiguous(asked: Asked, several: Suggested[]): GenerationFailure {
  const names = several.slice(0, 5).map(({ text, year }) => (year === null ? text : `${text} (${year})`));
  return new GenerationFailure('AMBIGUOUS', `That may be ${names.join(', ')}: ask for one of them.`, {
    retryable: false,
    suggestions: several.map((one) => suggestionOf(asked.entity, one)),
  });
}

function failed({ reason, refusal }: Fault): GenerationFailure {
  return refusal
    ? new GenerationFailure('AI_REFUSED', 'The model refused to write about this.', { retryable: false })
    : new GenerationFailure('VALIDATION_ERROR', reason, { retryable: true });
}

const toldBy = (
  entity: EntityKind,
  { text, original, others, year, facts, credits, genres, namesakes }: Answered,
): Told => ({
  name: named(text, entity),
  others: [
    ...(original === null ? [] : [{ ...named(original, entity), source: 'ORIGINAL' as const }]),
    ...others.map((other) => ({ ...named(other, entity), source: 'OTHER' as const })),
  ].filter((other) => other.text !== text),
  year,
  facts,
  named: credits.map((credit) => ({ ...credit, ...named(credit.text, entityNamedBy(entity)) })),
  genres,
  namesakes: namesakes.filter((one) => isCalled({ entity, text, base: '' }, one.text, [])),
});

/** What an answer calls its subject, and whom it names. */
const toldNames = ({ text, original, others, credits, year }: Answered) => ({
  names: [text, ...(original === null ? [] : [original]), ...others],
  crew: credits.map((credit) => credit.text),
  year,
});

/** What those are whom it names. */
const entityNamedBy = (entity: EntityKind): EntityKind =>
  ENTITIES.find((other) => KINDS[other].table === KINDS[entity].credits?.names) ?? entity;
