import type { DataSource } from 'typeorm';
import { factsOf, type KnownFacts, textsOf } from '../catalog/facts.js';
import { spelledLike } from '../catalog/search.js';
import { type Found, seekAll, type Sought } from '../catalog/sought.js';
import { Batched } from '../database/batched.js';
import { inTransaction } from '../database/transaction.js';
import { type EntityKind, KINDS } from '../domain/kinds.js';
import type { Suggested } from '../domain/suggestion.js';
import { spelledFor } from '../ledger/spelled.js';
import type { Written } from './questions.js';

/** What is known before a text is written. A server reads it in its database, and `npm run eval` has it in memory. */
export interface Catalogue {
  /** Which of what is known a request means. */
  seek(sought: Sought): Promise<Found>;
  /** The texts that there are, the current one of each locale and tone. */
  texts(entity: EntityKind, id: string): Promise<Written[]>;
  facts(entity: EntityKind, id: string): Promise<KnownFacts>;
  /** How a former request spelled the name of this slug; `null`: nobody asked by the name. */
  spelled(entity: EntityKind, base: string): Promise<string | null>;
  /** Those that are spelled like these words. */
  alike(entity: EntityKind, words: string): Promise<Suggested[]>;
}

/** Most looks at the database at once, and most requests in one. */
const AT_ONCE = 3;
const MOST = 25;

/** The catalogue in the database. */
export class StoredCatalogue implements Catalogue {
  private readonly seeking = new Batched((all: Sought[]) => this.seekAll(all), AT_ONCE, MOST);

  constructor(private readonly db: DataSource) {}

  seek(sought: Sought): Promise<Found> {
    return this.seeking.ask(sought);
  }

  texts(entity: EntityKind, id: string): Promise<Written[]> {
    return textsOf(this.db, KINDS[entity], id);
  }

  facts(entity: EntityKind, id: string): Promise<KnownFacts> {
    return factsOf(this.db, KINDS[entity], id);
  }

  spelled(entity: EntityKind, base: string): Promise<string | null> {
    return spelledFor(this.db, entity, base);
  }

  alike(entity: EntityKind, words: string): Promise<Suggested[]> {
    return inTransaction(this.db, (tx) => spelledLike(tx, KINDS[entity], words));
  }

  /** What jobs that began together ask. */
  private async seekAll(all: Sought[]): Promise<Found[]> {
    const found = new Map<Sought, Found>();
    for (const entity of new Set(all.map((one) => one.entity))) {
      const own = all.filter((one) => one.entity === entity);
      for (const [n, one] of (await seekAll(this.db, entity, own)).entries()) found.set(own[n]!, one);
    }
    return all.map((one) => found.get(one)!);
  }
}
