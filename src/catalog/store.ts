import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { sql } from '../database/sql.js';
import { type Kind, KINDS, ROWS } from '../domain/kinds.js';
import { suggestionOf } from '../domain/suggestion.js';
import type { JobResult } from '../ledger/generation-job.entity.js';
import { withoutBlocked } from './blocks.js';
import { isCorrected, withoutCorrected } from './corrected.js';
import { saveLocalTitles } from './local-titles.js';
import { lockMentions, type Mention, mention, nameKeys, type OwnNames } from './mentions.js';
import { linkGenres } from './saved-genres.js';
import { namesOf, type Place, saveSubjects } from './subjects.js';
import { idsOf, type Result, toldBy } from './told.js';
import { dropCredits, retoldBy, saveCredits } from './told-credits.js';

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
  await lockMentions(tx, all.map(ownNames), all.flatMap(mentionsOf));
  const results = await withoutCorrected(tx, await withoutBlocked(tx, all));
  const mentioned = await mention(tx, results.flatMap(mentionsOf));
  const places = new Map<Result, Place>();
  const stored = new Map<Result, JobResult>();
  const ofEachKind = async (save: (kind: Kind, own: Result[]) => Promise<void>): Promise<void> => {
    for (const kind of ROWS) {
      const own = results.filter((result) => kindOf(result) === kind);
      if (own.length > 0) await save(kind, own);
    }
  };
  await ofEachKind(async (kind, own) => {
    const saved = await saveSubjects(tx, kind, own);
    for (const [n, result] of own.entries()) places.set(result, saved[n]!);
    await saveLocalTitles(tx, kind, own, (result) => places.get(result)!.id);
    const written = own.filter((result) => places.get(result)!.writes);
    const before = written.filter((result) => !places.get(result)!.isNew);
    await dropCredits(
      tx,
      kind,
      before.flatMap((result) => {
        const { id, edited } = places.get(result)!;
        const lists = retoldBy(kind, id, namedBy(result));
        return lists.filter(({ directing }) => !edited.includes(directing ? 'directors' : 'cast'));
      }),
    );
    await saveGenres(tx, kind, written, places);
  });
  const credits = results.flatMap((result) =>
    namedBy(result).map((named) => {
      const { id: own, writes, edited } = places.get(result)!;
      const isWritten = writes && !isCorrected(named, edited);
      return { kind: kindOf(result), own, named, other: mentioned.shift()!, isWritten };
    }),
  );
  await saveCredits(
    tx,
    credits.filter(({ isWritten }) => isWritten),
  );
  await ofEachKind((kind, own) => saveTexts(tx, kind, own, { places, stored }));
  return results.map((result) => stored.get(result)!);
}

const namedBy = (result: Result) => (kindOf(result).credits ? (toldBy(result)?.named ?? []) : []);

function mentionsOf(result: Result): Mention[] {
  const { credits } = kindOf(result);
  const by = { keys: namesOf(result), year: toldBy(result)?.year ?? null };
  return namedBy(result).map((named) => ({ ...named, table: credits!.names, by }));
}

async function saveGenres(tx: EntityManager, kind: Kind, own: Result[], places: Map<Result, Place>): Promise<void> {
  const { genres, owner } = kind;
  if (!genres || own.length === 0) return;
  // As with credits: a list that is empty tells nothing.
  const retold = own.filter(
    (result) => toldBy(result)!.genres.length > 0 && !places.get(result)!.edited.includes('genres'),
  );
  const before = retold.map((result) => places.get(result)!).filter(({ isNew }) => !isNew);
  if (before.length > 0)
    await sql(tx, `DELETE FROM ${genres} WHERE ${owner} = ANY($1::uuid[])`, [before.map(({ id }) => id)]);
  const rows = retold.flatMap((result) =>
    [...new Set(toldBy(result)!.genres)].map((slug) => ({ owner: places.get(result)!.id, slug })),
  );
  await linkGenres(tx, kind, rows);
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
  await unpin(
    tx,
    kind,
    freed.map((result) => variantOf(result, places.get(result)!.id)),
  );
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
  const saved = await sql<{ id: string; version: number }>(
    tx,
    `INSERT INTO ${texts} (id, ${owner}, job_id, locale, context_tag, version, text, origin, ai_model,
       prompt_version)
     SELECT id, owner, job_id, locale, context_tag, COALESCE((SELECT MAX(version) FROM ${texts} AS known
         WHERE known.${owner} = row.owner AND known.locale = row.locale
         AND known.context_tag = row.context_tag), 0) + 1,
       text, 'GENERATED', model, prompt
     FROM jsonb_to_recordset($1::jsonb)
       AS row (id uuid, owner uuid, job_id uuid, locale text, context_tag text, text text, model text,
         prompt text)
     RETURNING id, version`,
    [JSON.stringify(rows)],
  );
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
