import { randomUUID } from 'node:crypto';
import type { Result } from '../src/catalog/told.js';
import type { PromptVersion } from '../src/domain/prompt-versions.js';
import type { Prices } from '../src/domain/usage.js';
import type { Locale } from '../src/domain/vocabulary.js';
import type { GenerationJob } from '../src/ledger/generation-job.entity.js';
import { asksForFacts, judged, kindOf } from './judging.ts';
import { KnownSoFar } from './known-so-far.ts';
import { HeardLlm, HeardSpan, type Listening } from './listening.ts';
import type { Program } from './program.ts';
import type { CaseRecord, TextRecord } from './records.ts';
import { keyOf, type Subject } from './subjects.ts';

/** One film or person in one locale, asked for in each tone. */
export interface CaseAsked {
  subject: Subject;
  locale: Locale;
  tones: string[];
  /** Whether its year is left out of the request. */
  blind: boolean;
}

/** The failure is that of the service: nothing was learned of the model, and the case is to be asked for again. */
export class ServiceFailed extends Error {}

/** Longest message that is kept, characters: it may repeat words of an answer. */
const MOST_MESSAGE = 300;

export const idOf = ({ subject, locale }: Pick<CaseAsked, 'subject' | 'locale'>) => `${keyOf(subject)} ${locale}`;

/** What a request is to a worker that has claimed its job. */
export function jobOf({ slug }: Program, { subject, locale, blind }: CaseAsked, tone: string, model: string) {
  const year = blind ? null : subject.year;
  const job: Partial<GenerationJob> = {
    id: randomUUID(),
    entity: subject.entity,
    requested_slug: slug.slugOf(subject.text, year),
    locale,
    context_tag: tone,
    // Without a year a title may mean several, and the best known one is in the list.
    request: { subject: subject.text, year, ...(blind && { if_ambiguous: 'choose' as const }) },
    history: [{ attempt: 1, worker: 'eval', started_at: new Date().toISOString(), model }],
  };
  return job as GenerationJob;
}

export interface CaseRun extends Listening {
  model: string;
  prompt: PromptVersion;
  prices: Prices;
  signal: AbortSignal;
}

/** Writes all tones of a case, one after the other, since each is to differ from those before. */
export class Case {
  private readonly run: CaseRun;
  private readonly asked: CaseAsked;
  private readonly llm: HeardLlm;
  private readonly catalogue: KnownSoFar;
  private readonly earlier: string[] = [];

  constructor(run: CaseRun, asked: CaseAsked) {
    this.run = run;
    this.asked = asked;
    this.llm = new HeardLlm(run);
    this.catalogue = new KnownSoFar(run.program, asked.subject.entity);
  }

  /** @throws ServiceFailed, ServiceGone, BoundReached, or the signal's reason when aborted */
  async record(): Promise<CaseRecord> {
    const { subject, locale, tones } = this.asked;
    const { entity, text, year, imdb } = subject;
    const texts: TextRecord[] = [];
    for (const tone of tones) texts.push(await this.inTone(tone));
    return { id: idOf(this.asked), entity, subject: text, year, imdb, locale, texts };
  }

  private async inTone(tone: string): Promise<TextRecord> {
    const { program, model, prompt, prices, signal } = this.run;
    const { subject } = this.asked;
    const job = jobOf(program, this.asked, tone, model);
    const { names, crew } = this.catalogue.held;
    const met: (string | null)[] = [];
    this.llm.forget();
    const writing = new program.generate.Writing(this.llm, this.catalogue, prices);
    const nothing = () => Promise.resolve();
    const meter = new program.budget.Meter(nothing, nothing, () => undefined);
    const tried = { meter, signal, span: new HeardSpan(met), stopped: () => undefined };
    const end = await writing.generate(kindOf(program, subject), job, tried, prompt).then(
      (result) => this.done(result),
      (error: unknown) => this.failed(error),
    );
    const { calls, spent, durationMs } = this.llm;
    const first = calls.find(({ ask }) => ask.name !== 'identity');
    const about = { subject, asked: program.asked.askedBy(job), first, met: met[0], known: { names, crew } };
    const { judged: found, text } = judged(program, { ...about, earlier: this.earlier });
    if (text !== null) this.earlier.push(text);
    return {
      ...found,
      ...spent,
      ...end,
      tone,
      text: end.text ?? text,
      with_facts: first !== undefined && asksForFacts(first),
      repaired: calls.some(({ ask }) => ask.before !== undefined),
      met: met.filter((gate) => gate !== null),
      duration_ms: Math.round(durationMs),
    };
  }

  private done(result: Result): Pick<TextRecord, 'outcome' | 'message' | 'text'> {
    this.catalogue.keep(result);
    return { outcome: 'DONE', message: null, text: result.text };
  }

  private failed(error: unknown): Pick<TextRecord, 'outcome' | 'message' | 'text'> {
    const { GenerationFailure } = this.run.program.failure;
    if (!(error instanceof GenerationFailure)) throw error;
    const { type, message, trouble } = error;
    // What it finds wrong with one question it would find wrong again.
    if (type === 'AI_API_ERROR' && trouble?.kind !== 'request')
      throw new ServiceFailed(`${message} ${trouble?.reason ?? ''}`.trim());
    return { outcome: type, message: message.slice(0, MOST_MESSAGE), text: null };
  }
}
