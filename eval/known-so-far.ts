import type { KnownFacts } from '../src/catalog/facts.js';
import type { Found, Row } from '../src/catalog/sought.js';
import type { Result, Told } from '../src/catalog/told.js';
import type { EntityKind } from '../src/domain/kinds.js';
import type { Suggested } from '../src/domain/suggestion.js';
import type { Catalogue } from '../src/generation/catalogue.js';
import type { Written } from '../src/generation/questions.js';
import type { Program } from './program.ts';

/** One row is all that this catalogue has. */
const ID = 'known';

/**
 * The catalogue of one film or person, in memory. It is empty before the first text. Then it has the facts that came
 * with that text, so a further tone is asked for as a server asks for it.
 */
export class KnownSoFar implements Catalogue {
  private readonly program: Program;
  private readonly entity: EntityKind;
  private told: Told | null = null;
  private readonly written: Written[] = [];

  constructor(program: Program, entity: EntityKind) {
    this.program = program;
    this.entity = entity;
  }

  keep({ subject, text, job: { locale, context_tag } }: Result): void {
    this.told ??= subject.told;
    this.written.push({ locale, context_tag, text });
  }

  seek(): Promise<Found> {
    return Promise.resolve({ row: this.told && this.rowOf(this.told), several: [] });
  }

  texts(): Promise<Written[]> {
    return Promise.resolve(this.written);
  }

  facts(): Promise<KnownFacts> {
    return Promise.resolve(this.factsOf(this.told!));
  }

  spelled(): Promise<string | null> {
    return Promise.resolve(null);
  }

  alike(): Promise<Suggested[]> {
    return Promise.resolve([]);
  }

  /** Every name of it, and those whom its facts name. */
  get held(): Pick<KnownFacts, 'names' | 'crew'> {
    return this.told ? this.factsOf(this.told) : { names: [], crew: [] };
  }

  private rowOf({ name, year, namesakes }: Told): Row {
    return {
      id: ID,
      slug: this.program.slug.slugOf(name.text, year),
      text: name.text,
      keys: name.keys,
      year,
      known: true,
      edited: [],
      imdb_id: null,
      tmdb_id: null,
      makers: [],
      first_work: null,
      namesakes,
      texts: this.written.length,
      literal: true,
      named: true,
    };
  }

  private factsOf({ name, others, year, facts, genres, named }: Told): KnownFacts {
    const { kinds, facts: told } = this.program;
    const { text, year: dated, genres: hasGenres, credits } = kinds.KINDS[this.entity];
    const briefly = named.slice(0, told.TOLD).map(({ text: who, year: since, role, character_name }) => ({
      name: who,
      year: since,
      role,
      characters: character_name === null ? [] : [character_name],
    }));
    return {
      facts: {
        [text]: name.text,
        [dated]: year,
        ...facts,
        ...(hasGenres && { genres }),
        [credits.names]: told.briefly(briefly, kinds.kindOfTable(credits.names)),
      },
      names: [name.text, ...others.map((other) => other.text)],
      crew: named.map((one) => one.text),
      given: null,
      edited: [],
      origin: 'MODEL',
      titled: [],
    };
  }
}
