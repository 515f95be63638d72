import type { FactsOrigin, GivenFacts } from '../domain/given-facts.js';
import { type Session, sql, sqlRow } from '../database/sql.js';
import { type Kind, kindOfTable } from '../domain/kinds.js';
import type { Locale, PersonRole } from '../domain/vocabulary.js';
import { currentTexts, type Variant } from './reading.js';

/** Credits that a prompt is told of. */
export const TOLD = 15;

/** What is known of a film or a person. */
export interface KnownFacts {
  /** In the words of its columns: what a text about it rests on. */
  facts: Record<string, unknown>;
  /** Every name of it, the first one first. */
  names: string[];
  /** The names in its credits. */
  crew: string[];
  /** What a request gave of it; `null`: the model told the facts. */
  given: GivenFacts | null;
  /** Fields that somebody corrected. */
  edited: string[];
  /** Who told the rest. */
  origin: FactsOrigin;
  /** Locales in which its title is known. */
  titled: Locale[];
}

export async function factsOf(db: Session, kind: Kind, id: string): Promise<KnownFacts> {
  const { table, text, year, facts, credits, genres, owner, knownAs, local } = kind;
  const columns = [`own.${text}`, `own.${year}`, ...factColumns(facts), 'own.given', 'own.edited'];
  const titles = local ? `ARRAY(SELECT locale FROM ${local} WHERE ${owner} = own.id)` : `'{}'::text[]`;
  type Told = Record<string, unknown> & Pick<KnownFacts, 'given' | 'edited' | 'origin' | 'titled'>;
  const { given, edited, origin, titled, ...own } = await sqlRow<Told>(
    db,
    `SELECT ${columns.join(', ')}, own.facts_origin AS origin, ${titles} AS titled FROM ${table} AS own WHERE id = $1`,
    [id],
  );
  const slugs = genres
    ? await sql<{ slug: string }>(
        db,
        `SELECT slug FROM genres JOIN ${genres} ON genre_id = genres.id WHERE ${owner} = $1 ORDER BY slug`,
        [id],
      )
    : [];
  const told = credits ? await creditsTold(db, kind, id) : [];
  const names = await sql<{ text: string }>(db, `SELECT text FROM ${knownAs} WHERE id = $1`, [id]);
  return {
    facts: {
      ...own,
      ...(genres && { genres: slugs.map(({ slug }) => slug) }),
      ...(credits && { [credits.names]: briefly(told, kindOfTable(credits.names)) }),
    },
    names: [String(own[text]), ...names.map((name) => name.text)],
    crew: told.map(({ name }) => name),
    given,
    edited,
    origin,
    titled,
  };
}

const factColumns = (facts: Kind['facts']) =>
  Object.entries(facts).map(([name, type]) => (type === 'date' ? `own.${name}::text AS ${name}` : `own.${name}`));

/** A credit as it is told, with every character of it. */
export interface CreditTold {
  name: string;
  year: number | null;
  role: PersonRole;
  characters: string[];
}

function creditsTold(db: Session, { owner, credits }: Kind, id: string): Promise<CreditTold[]> {
  const { table, names, named, told, characters } = credits!;
  const { text, year } = kindOfTable(names);
  return sql<CreditTold>(
    db,
    `SELECT ${text} AS name, ${year} AS year, role, array_remove(${characters}, NULL) AS characters
     FROM ${table} JOIN ${names} ON ${names}.id = ${named} WHERE ${owner} = $1 AND ${told} IS NOT NULL
     ORDER BY billing_order NULLS LAST, ${names}.id LIMIT ${TOLD}`,
    [id],
  );
}

/** By role and in few words, since each costs: "The Matrix (1999): Neo". */
export function briefly(told: CreditTold[], { called }: Kind): Record<string, string[]> {
  const entry = ({ name, year, characters }: CreditTold) =>
    (called === 'TITLE' && year !== null ? `${name} (${year})` : name) +
    (characters.length > 0 ? `: ${characters.join(', ')}` : '');
  const byRole: Partial<Record<PersonRole, string[]>> = {};
  for (const one of told) (byRole[one.role] ??= []).push(entry(one));
  return byRole;
}

/** The texts that there are of it, the current one of each locale and manner. */
export const textsOf = (db: Session, { texts }: Kind, id: string): Promise<Variant[]> => currentTexts(db, texts, id);
