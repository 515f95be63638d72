import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { sql } from '../database/sql.js';
import { together } from '../database/transaction.js';
import { type Kind, KINDS, ROWS } from '../domain/kinds.js';
import { suggestionOf } from '../domain/suggestion.js';
import type { JobResult } from '../ledger/generation-job.entity.js';
import { withoutBlocked } from './blocks.js';
import { isCorrected, withoutCorrected } from './corrected.js';
import { saveLocalTitles } from './local-titles.js';
import { lockMentions, lookUp, type Mention, mention, nameKeys, type OwnNames } from './mentions.js';
import { linkGenres } from './saved-genres.js';
import { findRows, namesOf, type Place, placeSubjects, saveSubjects, type Subjects } from './subjects.js';
import { idsOf, type Named, type Result, toldBy } from './told.js';
import { type Credit, dropCredits, retoldBy, saveCredits } from './told-credits.js';

const kindOf = ({ job }: Result): Kind => KINDS[job.entity];
const ownNames = (result: Result): OwnNames => ({ table: kindOf(result).table, keys: namesOf(result) });

/** Results that have a key in common cannot be stored by the same statements. */
export const storeKeys = (result: Result): string[] => {
  const { subject } = result;
  const { imdb, tmdb } = idsOf(result);
  const ids = [imdb, tmdb].flatMap((id) => (id === undefined ? [] : [`${result.job.entity} ${id}`]));
  return [...ids, ...(subject.row === null ? [] : [subject.row]), ...nameKeys(ownNames(result))];
};

/**
 * Stores the texts with set-based statements: mentions, subjects, genres, credits, texts. It is part of the transaction
 * that makes the jobs DONE.
 * @param all of different {@link storeKeys}
 * @returns one for each, in their order
 */
export async function store(tx: EntityManager, all: Result[]): Promise<JobResult[]> {
  const mentions = all.flatMap(mentionsOf);
  const [results, known] = await lockMentions(tx, all.map(ownNames), mentions, () =>
    together([unhindered(tx, all), lookUp(tx, mentions)]),
  );
  const left = new Set(results.flatMap(namedBy));
  const mentioned = mentions.filter(({ named }) => left.has(named));
  const kinds = ROWS.map((kind) => ({ kind, own: results.filter((result) => kindOf(result) === kind) })).filter(
    ({ own }) => own.length > 0,
  );
  const others = new Map<Named, string>();
  const places = new Map<Result, Place>();
  const stored = new Map<Result, JobResult>();
  // One kind after the other: what is told of people depends on what was told of films. With the first goes what is
  // mentioned, which a result may be about; with the last all that is left to write.
  for (const [n, { kind, own }] of kinds.entries()) {
    const isFirst = n === 0;
    const isLast = n === kinds.length - 1;
    const [ids, found] = await together([isFirst ? mention(tx, mentioned, known) : [], findRows(tx, kind, own)]);
    for (const [m, id] of ids.entries()) others.set(mentioned[m]!.named, id);
    const subjects = await placeSubjects(tx, kind, own, found);
    for (const [m, result] of own.entries()) places.set(result, subjects.places[m]!);
    const credits = isLast ? creditsOf(results, places, others) : [];
    await together([
      saveFacts(tx, kind, own, subjects),
      saveCredits(tx, credits),
      ...(isLast ? kinds.map((one) => saveTexts(tx, one.kind, one.own, { places, stored })) : []),
    ]);
  }
  return results.map((result) => stored.get(result)!);
}

/** Without what is blocked, and without what somebody knows better. */
const unhindered = async (tx: EntityManager, all: Result[]) => withoutCorrected(tx, await withoutBlocked(tx, all));

/** All that is told of what they are about, but who is named. */
async function saveFacts(tx: EntityManager, kind: Kind, own: Result[], subjects: Subjects): Promise<void> {
  const { places } = subjects;
  const written = own.flatMap((result, n) => (places[n]!.writes ? [{ result, place: places[n]! }] : []));
  const before = written.filter(({ place }) => !place.isNew);
  const retold = before.flatMap(({ result, place: { id, edited } }) =>
    retoldBy(kind, id, namedBy(result)).filter(({ directing }) => !edited.includes(directing ? 'directors' : 'cast')),
  );
  await together([
    saveSubjects(tx, kind, own, subjects),
    saveLocalTitles(tx, kind, own, (_, n) => places[n]!.id),
    dropCredits(tx, kind, retold),
    saveGenres(tx, kind, written),
  ]);
}

function creditsOf(results: Result[], places: Map<Result, Place>, others: Map<Named, string>): Credit[] {
  return results.flatMap((result) => {
    const { id: own, writes, edited } = places.get(result)!;
    const credits = writes ? namedBy(result).filter((named) => !isCorrected(named, edited)) : [];
    return credits.map((named) => ({ kind: kindOf(result), own, named, other: others.get(named)! }));
  });
}

const namedBy = (result: Result) => (kindOf(result).credits ? (toldBy(result)?.named ?? []) : []);

function mentionsOf(result: Result): (Mention & { named: Named })[] {
  const { credits } = kindOf(result);
  const by = { keys: namesOf(result), year: toldBy(result)?.year ?? null };
  return namedBy(result).map((named) => ({ ...named, named, table: credits!.names, by }));
}

async function saveGenres(tx: EntityManager, kind: Kind, written: { result: Result; place: Place }[]): Promise<void> {
  const { genres, owner } = kind;
  if (!genres) return;
  // As with credits: a list that is empty tells nothing.
  const retold = written.filter(
    ({ result, place }) => toldBy(result)!.genres.length > 0 && !place.edited.includes('genres'),
  );
  const before = retold.flatMap(({ place: { id, isNew } }) => (isNew ? [] : [id]));
  const forgotten = `DELETE FROM ${genres} WHERE ${owner} = ANY($1::uuid[])`;
  const rows = retold.flatMap(({ result, place }) =>
    [...new Set(toldBy(result)!.genres)].map((slug) => ({ owner: place.id, slug })),
  );
  await together([before.length > 0 && sql(tx, forgotten, [before]), linkGenres(tx, kind, rows)]);
}

/** One text of a film or a person, in all its versions. */
interface Variant {
  owner: string;
  locale: string;
  context_tag: string;
}

interface Stored {
  places: Map<Result, Place>;
  stored: Map<Result, JobResult>;
}

/** Appends a version of each text. */
async function saveTexts(tx: EntityManager, kind: Kind, own: Result[], { places, stored }: Stored): Promise<void> {
  const { texts, owner, textId } = kind;
  const freed = own.filter(({ asked }) => asked.replacesPinned);
  const unpinned = freed.map((result) => variantOf(result, places.get(result)!.id));
  const rows = own.map((result) => {
    const { id: job_id, locale, context_tag } = result.job;
    return {
      id: uuidv7(),
      owner: places.get(result)!.id,
      job_id,
      locale,
      context_tag,
      text: result.text,
      model: result.model,
      prompt: result.prompt_version,
    };
  });
  const append = `INSERT INTO ${texts} (id, ${owner}, job_id, locale, context_tag, version, text, origin, ai_model,
       prompt_version)
     SELECT id, owner, job_id, locale, context_tag, COALESCE((SELECT MAX(version) FROM ${texts} AS known
         WHERE known.${owner} = row.owner AND known.locale = row.locale
         AND known.context_tag = row.context_tag), 0) + 1,
       text, 'GENERATED', model, prompt
     FROM jsonb_to_recordset($1::jsonb)
       AS row (id uuid, owner uuid, job_id uuid, locale text, context_tag text, text text, model text,
         prompt text)
     RETURNING id, version`;
  const [, saved] = await together([
    unpin(tx, kind, unpinned),
    sql<{ id: string; version: number }>(tx, append, [JSON.stringify(rows)]),
  ]);
  for (const [n, result] of own.entries()) {
    const { id } = rows[n]!;
    const { version } = saved.find((row) => row.id === id)!;
    const { id: subject, slug } = places.get(result)!;
    const { alternatives, job } = result;
    stored.set(result, {
      id: subject,
      slug,
      [textId]: id,
      version,
      ...(alternatives && { alternatives: alternatives.map((one) => suggestionOf(job.entity, one)) }),
    });
  }
}

const variantOf = ({ job }: Result, owner: string) => ({ owner, locale: job.locale, context_tag: job.context_tag });

/** The newest version of these is served again, whatever somebody chose. */
export async function unpin(tx: EntityManager, { texts, owner }: Kind, variants: Variant[]): Promise<void> {
  if (variants.length === 0) return;
  await sql(
    tx,
    `UPDATE ${texts} AS text SET pinned = false
     FROM jsonb_to_recordset($1::jsonb) AS row (owner uuid, locale text, context_tag text)
     WHERE text.${owner} = row.owner AND text.locale = row.locale AND text.context_tag = row.context_tag AND pinned`,
    [JSON.stringify(variants)],
  );
}
