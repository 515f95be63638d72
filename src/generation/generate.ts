import type { KnownFacts } from '../catalog/facts.js';
import { hasId } from '../catalog/same-row.js';
import { type Found, isOpen, type Row } from '../catalog/sought.js';
import type { Result } from '../catalog/told.js';
import { GenerationFailure } from '../domain/failure.js';
import type { GateName, GateOutcome } from '../domain/gate-names.js';
import { type FactsProvider, NoFacts } from '../facts/facts-provider.js';
import { KINDS } from '../domain/kinds.js';
import type { PromptVersion } from '../domain/prompt-versions.js';
import { slugOf } from '../domain/slug.js';
import type { Prices } from '../domain/usage.js';
import { type Suggested, suggestionOf } from '../domain/suggestion.js';
import { yearsAgree } from '../domain/years.js';
import { modelOf } from '../ledger/breakers.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import type { Llm } from '../llm/llm.js';
import { type Asked, askedBy, named, soughtBy, storedAs } from './asked.js';
import type { Catalogue } from './catalogue.js';
import { asKept, cleanedText } from './cleaned.js';
import { Dialogue } from './dialogue.js';
import { judgeBy, type Outside, outsideFacts, suggestedOf, wantedBy } from './from-outside.js';
import { firstFault, isRefusal } from './gates/gates.js';
import { isHashed } from './identity/relation.js';
import { verdictOn } from './identity/verdict.js';
import { choicesIn, whoseItIs } from './identity/whose.js';
import type { Answered, TextKind, Try } from './kind.js';
import { type Known, NOTHING, type Resting, restingOn, restingOnKnown, restingOnOutside } from './known.js';
import { isOfAnother, withOwnNames } from './own-names.js';
import { type About, type Asking, factsQuestion, type Held, heldOf, identityQuestion, repaired } from './questions.js';
import { typeOfError } from '../tracing/span.js';
import { spared, whyNot } from './structured-output.js';
import { toldBy } from './told-by.js';

export { loadDetector } from './gates/language.js';

/** What is wrong with an answer, and what the try ends with when its repair is no better. */
interface Fault {
  gate: GateName;
  reason: string;
  refusal?: boolean;
}

/** An answer that is fit, and what it comes to. */
type Fit = Pick<Result, 'subject' | 'text' | 'localized' | 'alternatives'>;

/** A refusal says so at its start, characters. */
const MOST_PROSE = 2000;

/**
 * Writes one text, in one try:
 *
 * 1. what is known of it, here or by the provider of facts? Of several that the name means nothing is guessed;
 * 2. ask: for a text about what is known, else for facts and a text;
 * 3. identify: is it the film or the person that was asked for? What is unclear is asked;
 * 4. gate: is the text fit?
 * 5. what fails is asked for once more, with the reason; then it is what it is.
 */
export class Writing {
  constructor(
    private readonly llm: Llm,
    private readonly catalogue: Catalogue,
    private readonly prices: Prices,
    private readonly provider: FactsProvider = new NoFacts(),
  ) {}

  /** @throws GenerationFailure, BudgetSpent, or the signal's reason when aborted */
  async generate(kind: TextKind, job: GenerationJob, tried: Try, prompt: PromptVersion): Promise<Result> {
    const { llm, prices } = this;
    const dialogue = new Dialogue({ llm, model: modelOf(job), prompt, prices, ...tried });
    const known = await this.whatIsKnown(kind, job, dialogue);
    const fit = await this.fitAnswer(kind, known, dialogue);
    const { outside, asked } = known;
    const given = asked.facts === null ? {} : { given: asked.facts };
    const told = outside ? { origin: 'TMDB' as const, lookedUp: outside.externalIds } : {};
    const by = { model: tried.meter.usage!.model, prompt_version: prompt };
    return { ...fit, ...given, ...told, job, asked: storedAs(asked, job), ...by };
  }

  private async whatIsKnown(kind: TextKind, job: GenerationJob, dialogue: Dialogue): Promise<Known> {
    const asked = askedBy(job);
    const { row, several } = await this.found(kind, asked, dialogue);
    if (several.length > 0 && !asked.choose) throw ambiguous(asked, several);
    const spelled = await this.spelled(asked, row);
    const meant = row?.known ? { ...spelled, year: asked.year ?? row.year } : spelled;
    const texts = row ? await this.catalogue.texts(asked.entity, row.id) : [];
    const about = { version: dialogue.prompt, kind, asked: meant, texts };
    const common = { asked: meant, row: row?.known ? row : null, several };
    const unknown = (before: KnownFacts) => this.fromOutside({ common, about, held: before }, row, dialogue);
    if (!row?.known) return asked.facts ? restingOn(asked.facts, { common, about, held: NOTHING }) : unknown(NOTHING);
    const held = await this.catalogue.facts(asked.entity, row.id);
    const { names, crew, given } = held;
    const isMeant = row.named || (await this.isOne(asked, { names, year: row.year, crew }, { about, dialogue }));
    if (!isMeant) throw ambiguous(asked, [row, { slug: asked.slug, text: asked.text ?? asked.base, year: asked.year }]);
    if (asked.facts) return restingOn(asked.facts, { common, about, held });
    if (asked.refresh) return unknown(held);
    if (given) return { ...restingOn(given, { common, about, held }), told: null };
    return restingOnKnown({ common, about, held });
  }

  /** What the catalogue has of it. A title beside a text may be another film's: whether it means this one is asked. */
  private async found(kind: TextKind, asked: Asked, dialogue: Dialogue): Promise<Found> {
    const sought = soughtBy(asked);
    const found = await this.catalogue.seek(sought);
    const { row } = found;
    if (row === null || row.named || hasId(row, sought.externalIds)) return found;
    const { crew } = await this.catalogue.facts(asked.entity, row.id);
    const held = { names: [row.text], year: row.year, crew };
    return (await this.isOne(asked, held, { about: { kind }, dialogue })) ? found : { row: null, several: [] };
  }

  /**
   * What the provider of facts tells of it. Where it has none that fits, or is away, the model tells all. What the
   * provider told before is not given up because it is away today.
   */
  private async fromOutside(resting: Resting, row: Row | null, dialogue: Dialogue): Promise<Known> {
    const { common, about, held } = resting;
    const { kind, asked } = about;
    const found = await this.provider.find(wantedBy(asked, row), judgeBy(asked), dialogue);
    if (found.is === 'several') throw ambiguous(asked, suggestedOf(found.several));
    if (found.is === 'away' && held.origin === 'TMDB') return restingOnKnown(resting);
    const outside = found.is === 'found' ? outsideFacts(kind, asked, found, row) : null;
    if (outside?.byAskedId) await this.requireMeant(outside, about, dialogue);
    if (outside) return restingOnOutside(outside, resting);
    const nothing = { names: [], crew: [], told: null, wantsFacts: true, isAway: found.is === 'away' };
    return { ...common, ...nothing, question: factsQuestion(about) };
  }

  /** An id of the request may be that of something else. @throws GenerationFailure AMBIGUOUS */
  private async requireMeant({ told, names, crew }: Outside, about: About, dialogue: Dialogue): Promise<void> {
    const { asked } = about;
    const { name, year } = told;
    if (await this.isOne(asked, { names, year, crew }, { about, dialogue })) return;
    const others = suggestedOf([{ text: name.text, year }]);
    throw ambiguous(asked, [...others, { slug: asked.slug, text: asked.text ?? asked.base, year: asked.year }]);
  }

  /** A slug alone may be of what is there, or was asked for by name: then its words need not be guessed. */
  private async spelled(asked: Asked, row: Row | null): Promise<Asked> {
    if (asked.text !== null) return asked;
    if (row) return { ...asked, text: row.text, year: asked.year ?? row.year };
    return isHashed(asked.base) ? { ...asked, text: await this.catalogue.spelled(asked.entity, asked.base) } : asked;
  }

  /** Whether what has the id that was asked for is what the request names: what words do not tell is asked. */
  private async isOne(
    asked: Asked,
    held: Held,
    { about, dialogue }: { about: { kind: TextKind }; dialogue: Dialogue },
  ): Promise<boolean> {
    const [main, ...others] = held.names;
    const is = verdictOn(asked, { main: main!, others, year: held.year });
    if (is.is === 'same') return true;
    if (!yearsAgree(asked.year, held.year)) return false;
    const { sample } = about.kind;
    return this.isConfirmed(identityQuestion(asked, held, { version: dialogue.prompt, sample }), dialogue);
  }

  private async isConfirmed(ask: Asking, dialogue: Dialogue): Promise<boolean> {
    const output = await dialogue.ask(ask);
    return whyNot(ask.schema, output) === null && (output as { same: boolean }).same;
  }

  private async fitAnswer(kind: TextKind, known: Known, dialogue: Dialogue): Promise<Fit> {
    const output = await dialogue.ask(known.question.ask);
    const first = await this.examine(kind, known, output, dialogue);
    if ('subject' in first) return first;
    let outcome: GateOutcome = 'refused';
    try {
      if (!dialogue.mayAsk) throw failed(first);
      const again = await dialogue.ask(repaired(known.question, first.reason, output));
      const second = await this.examine(kind, known, again, dialogue);
      if ('subject' in second) {
        outcome = 'repaired';
        return second;
      }
      dialogue.tell(second.gate, 'refused');
      throw failed(second);
    } finally {
      dialogue.tell(first.gate, outcome);
    }
  }

  /** @throws GenerationFailure for what no repair mends */
  private async examine(kind: TextKind, known: Known, answer: unknown, dialogue: Dialogue): Promise<Fit | Fault> {
    const span = dialogue.span.child('examine');
    try {
      const found = await this.judge(kind, known, answer, dialogue);
      span.set({ 'moviemind.fit': 'subject' in found, 'moviemind.gate': 'gate' in found ? found.gate : undefined });
      return found;
    } catch (error) {
      span.fail(typeOfError(error));
      throw error;
    } finally {
      span.end();
    }
  }

  private async judge(kind: TextKind, known: Known, answer: unknown, dialogue: Dialogue): Promise<Fit | Fault> {
    const { asked, question, row, told, given, wantsFacts, several, outside } = known;
    if (typeof answer === 'string') return proseFault(answer);
    const output = spared(answer, kind.spare);
    const misfit = whyNot(question.ask.schema, output);
    if (misfit !== null) return { gate: 'schema', reason: misfit };
    const alternatives = several.length > 0 ? { alternatives: several.slice(1) } : {};
    if (!wantsFacts) {
      // A title in another language would be beyond the facts that were given.
      const written = given ? null : kind.localized(output as never, row?.year ?? asked.year);
      const localized = outside?.localized ?? localTitleOf(known, known.names, written);
      const text = this.gated(known, kind.prose(output as never), known, localized);
      if (typeof text !== 'string') return text;
      const id = row?.id ?? null;
      const subject = told ? { row: id, told } : { row: id!, told: null };
      return { subject, text, localized: nameOf(asked, localized), ...alternatives };
    }
    const answered = asSpelled(asked, output, kind.read(output as never));
    if (!answered.found) throw known.isAway ? notKnownYet(asked) : await this.notFound(asked);
    const others = this.othersOf(known, answered);
    const whose = await this.identify(known, answered, dialogue);
    if (whose !== null) return whose;
    const own = withOwnNames(asked.entity, answered);
    const held = heldOf(own);
    const localized = localTitleOf(known, held.names, own.localized);
    const text = this.gated(known, own.prose, held, localized);
    if (typeof text !== 'string') return text;
    return {
      // It is what was asked for, and so of that year where the answer names none.
      subject: { row: row?.id ?? null, told: toldBy(asked.entity, { ...own, year: own.year ?? asked.year }) },
      text,
      localized: nameOf(asked, localized),
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
    if (verdict.is === 'other' || !dialogue.mayAsk) return { gate: 'identity', reason: verdict.reason };
    const { sample } = question.ask;
    const ask = identityQuestion(asked, heldOf(answered), { version: dialogue.prompt, sample });
    const isSame = await this.isConfirmed(ask, dialogue);
    return isSame ? null : { gate: 'identity', reason: verdict.reason };
  }

  /** As it is kept, or what is wrong with it, as it was written and as it would be kept. */
  private gated(
    { asked, question, given, directors }: Known,
    written: string,
    { names, crew, year = asked.year }: Pick<Known, 'names' | 'crew'> & { year?: number | null },
    localized: string | null,
  ): string | Fault {
    const { entity, locale } = asked;
    const called = [...names, asked.text, localized].filter((name) => name !== null);
    const context = {
      entity,
      locale,
      names: asKept(called),
      year,
      known: crew,
      instructions: question.ask.instructions,
      siblings: question.siblings,
      ...(given !== undefined && { given }),
      ...(directors !== undefined && { directors }),
    };
    const text = cleanedText(written, called);
    return firstFault(written, context) ?? (text === written ? null : firstFault(text, context)) ?? text;
  }

  private async notFound(asked: Asked): Promise<GenerationFailure> {
    const words = asked.text ?? asked.base;
    const alike = await this.catalogue.alike(asked.entity, words);
    const suggestions = alike.map((one) => suggestionOf(asked.entity, one));
    const message = `The model knows no such ${wordFor(asked)}.`;
    return new GenerationFailure('NOT_FOUND', message, {
      retryable: false,
      ...(suggestions.length > 0 && { suggestions }),
    });
  }
}

const nameOf = ({ entity }: Asked, text: string | null) => (text === null ? null : named(text, entity));

/** The title that the model told beside a text; `null`: it is another film's, or there is a better one. */
const localTitleOf = ({ asked, isTitled }: Known, names: string[], told: string | null) =>
  told === null || isTitled || isOfAnother(asked.entity, names, told) ? null : told;

/** What was asked for may look like markup, and is a name: `</Scorpion>` is one. */
function asSpelled({ entity, text }: Asked, output: unknown, answered: Answered): Answered {
  const written = (output as Record<string, unknown>)[KINDS[entity].text];
  return text !== null && written === text ? { ...answered, text } : answered;
}

/** Prose where an object belongs is often a refusal. */
const proseFault = (prose: string): Fault => ({
  gate: 'json',
  reason: 'The model answered something that is not JSON.',
  refusal: isRefusal(prose.slice(0, MOST_PROSE)),
});

const wordFor = ({ entity }: Asked) => (entity === 'MOVIE' ? 'film' : KINDS[entity].word);

/** The model alone does not say that there is none, while somebody else may know it. */
const notKnownYet = (asked: Asked) =>
  new GenerationFailure('AI_API_ERROR', `The model knows no such ${wordFor(asked)}, and TMDB does not answer.`, {
    retryable: true,
  });

function ambiguous(asked: Asked, several: Suggested[]): GenerationFailure {
  const names = several.slice(0, 5).map(({ text, year }) => (year === null ? text : `${text} (${year})`));
  return new GenerationFailure('AMBIGUOUS', `That may be ${names.join(', ')}: ask for one of them.`, {
    retryable: false,
    suggestions: several.map((one) => suggestionOf(asked.entity, one)),
  });
}

function failed({ gate, reason, refusal }: Fault): GenerationFailure {
  return refusal
    ? new GenerationFailure('AI_REFUSED', 'The model refused to write about this.', { retryable: false, gate })
    : new GenerationFailure('VALIDATION_ERROR', reason, { retryable: true, gate });
}
