import { type BeforeApplicationShutdown, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Config } from '../config/config.js';
import type { Loop } from '../timing/loop.js';
import type { Loops } from '../timing/loops.js';
import { Rounds } from '../timing/rounds.js';
import { GenerationFailure } from '../domain/failure.js';
import { type Answer, type Ask, Llm, type Service } from './llm.js';
import type { OpenAiLlm } from './openai-llm.js';
import { serviceAt } from './service.js';

/** How often the model is checked, and how soon again after a failure, milliseconds. */
const LOOK_EVERY_MS = 60_000;
const LOOK_AGAIN_MS = 5000;
const LONGEST_NAME = 100;

/**
 * Reports to operators that the model is away, or refuses our key. Otherwise each job would find out by itself, while
 * the queue looks well. It checks at the start and then each minute, and remembers how the calls of jobs end.
 */
export class WatchedLlm extends Llm implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly service: Service;
  private readonly logger = new Logger('Model');
  private asked: Loop | null = null;
  private opened: Promise<OpenAiLlm> | undefined;
  private readonly rounds = new Rounds(
    (signal) => this.watched!.run(() => this.look(signal)),
    (failures) => (failures === 0 ? LOOK_EVERY_MS : LOOK_AGAIN_MS),
  );
  private watched: Loop | null = null;

  /** @param open called once, where the model is used */
  constructor(
    private readonly open: () => Promise<OpenAiLlm>,
    private readonly config: Config,
    private readonly loops: Loops,
  ) {
    super();
    this.service = serviceAt(config.openai.baseUrl);
  }

  onApplicationBootstrap(): void {
    if (!this.config.runsJobs) return;
    this.asked = this.loops.open('ask-model');
    this.watched = this.loops.open('watch-model', LOOK_EVERY_MS + LOOK_AGAIN_MS * 2);
    this.rounds.start((signal) => this.watched!.run(() => this.firstLook(signal)));
  }

  beforeApplicationShutdown(): void {
    void this.rounds.stop();
  }

  async ask(ask: Ask, signal: AbortSignal): Promise<Answer> {
    try {
      const answer = await (await this.inner()).ask(ask, signal);
      this.asked?.succeeded();
      return answer;
    } catch (error) {
      this.noteFailure(error);
      throw error;
    }
  }

  /** A model that answers nonsense is not away. */
  private noteFailure(error: unknown): void {
    if (!(error instanceof GenerationFailure)) return;
    if (error.type === 'AI_API_ERROR') this.asked?.refused(error);
    else this.asked?.succeeded();
  }

  async greet(model: string, signal: AbortSignal): Promise<void> {
    await (await this.inner()).greet(model, signal);
  }

  /** What would be the first job's fate is one line at the start. */
  private async firstLook(signal: AbortSignal): Promise<void> {
    try {
      const listed = await this.look(signal);
      const unknown = this.config.models.filter((model) => !isListed(model, listed));
      if (unknown.length > 0) this.logger.warn(await unknownLine(unknown, listed));
    } catch (error) {
      if (error instanceof GenerationFailure && error.trouble?.kind === 'key') this.logger.warn(error.message);
      throw error;
    }
  }

  private async look(signal: AbortSignal): Promise<string[]> {
    return (await this.inner()).look(signal);
  }

  private inner(): Promise<OpenAiLlm> {
    return (this.opened ??= this.open());
  }
}

/** Names of a list of models that are shown. */
const MOST_SHOWN = 5;

/** Some services put a folder before the name (`models/gemini…`) or a version behind it (`llama3:latest`). */
const isListed = (model: string, listed: string[]) =>
  listed.length === 0 ||
  listed.some((name) => name === model || name.endsWith(`/${model}`) || name === `${model}:latest`);

async function unknownLine(models: string[], listed: string[]): Promise<string> {
  const { plainLine } = await import('./plain-text.js');
  const shown = listed.slice(0, MOST_SHOWN).map((name) => plainLine(name, LONGEST_NAME));
  const more = listed.length > shown.length ? ` and ${listed.length - shown.length} more` : '';
  return `OPENAI_MODEL: the model service does not list ${models.join(', ')}; it has ${shown.join(', ')}${more}`;
}
