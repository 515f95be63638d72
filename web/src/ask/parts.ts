import {
  acts,
  type BatchAccepted,
  by,
  type DryRun,
  type Estimate,
  generateMovies,
  type GenerateMovies,
  generatePeople,
  type GeneratePeople,
  ProblemError,
} from '../data/api.ts';
import { slept } from '../data/live.ts';
import { untilAnswered } from './asking.ts';
import type { Row } from './rows.ts';
import type { Kind } from './wish.ts';

/** What holds for the whole list. */
export interface Plan {
  kind: Kind;
  rows: Row[];
  locales: string[];
  tones: string[];
  ifExists: string;
  ifAmbiguous: string;
}

/** A batch to be: the API takes so many at a time. Its key makes it safe to send it again. */
export interface Part {
  rows: Row[];
  key: string;
  id?: string;
}

/** Source: the OpenAPI document. Items of a batch; its jobs, once multiplied; bytes of its body, with room to spare. */
const MOST_ITEMS = 500;
const MOST_JOBS = 5000;
const MOST_BYTES = 900_000;
/** How often a part is sent again after 429. */
const REFUSALS = 20;

export function partsOf({ rows, locales, tones }: Plan): Part[] {
  const times = Math.max(1, locales.length) * Math.max(1, tones.length);
  const most = Math.max(1, Math.min(MOST_ITEMS, Math.floor(MOST_JOBS / times)));
  const parts: Part[] = [];
  let bytes = Infinity;
  for (const row of rows) {
    const size = new Blob([JSON.stringify(row.item)]).size + 100;
    if (bytes + size > MOST_BYTES || parts.at(-1)!.rows.length >= most) {
      parts.push({ rows: [], key: crypto.randomUUID() });
      bytes = 0;
    }
    parts.at(-1)!.rows.push(row);
    bytes += size;
  }
  return parts;
}

/** Told while the server is away (`null`) or asks to wait, seconds. */
export type Told = (seconds: number | null) => void;

export const trial = (plan: Plan, part: Part, told: Told) => posted(plan, part, true, told) as Promise<DryRun>;
export const accept = (plan: Plan, part: Part, told: Told) => posted(plan, part, false, told) as Promise<BatchAccepted>;

async function posted(plan: Plan, part: Part, dry_run: boolean, told: Told): Promise<DryRun | BatchAccepted> {
  const body = { ...bodyOf(plan, part), ...(dry_run && { dry_run }) };
  const send = async () => {
    const options = { ...by(acts()), ...(!dry_run && { headers: { 'Idempotency-Key': part.key } }) };
    const answer = plan.kind === 'movie' ? generateMovies({ ...options, body }) : generatePeople({ ...options, body });
    return (await answer).data;
  };
  for (let left = REFUSALS; ; left--) {
    try {
      return await untilAnswered(send, () => told(null));
    } catch (error) {
      const seconds = error instanceof ProblemError && error.status === 429 ? error.retryAfter : null;
      if (seconds === null || left === 0) throw error;
      told(seconds);
      await slept(Math.max(1, seconds) * 1000, new AbortController().signal);
    }
  }
}

function bodyOf({ locales, tones, ifExists, ifAmbiguous }: Plan, { rows }: Part) {
  const shared = { ...(ifExists && { if_exists: ifExists }), ...(ifAmbiguous && { if_ambiguous: ifAmbiguous }) };
  return {
    items: rows.map(({ item }) => ({ ...item, ...shared })),
    ...(locales.length > 0 && { locales }),
    ...(tones.length > 0 && { context_tags: tones }),
  } as GenerateMovies & GeneratePeople;
}

export type Trial = Omit<DryRun, 'estimate'> & { estimate: Estimate };

/** What all parts take together. What one of them does not know is not known of all. */
export function together(trials: Trial[]): Trial {
  const sum = (of: (one: Trial) => number) => trials.reduce((all, one) => all + of(one), 0);
  const known = (of: (one: Trial) => number | null) =>
    trials.some((one) => of(one) === null) ? null : sum((one) => of(one) ?? 0);
  return {
    total: sum(({ total }) => total),
    new: sum((one) => one.new),
    joined: sum(({ joined }) => joined),
    reused: sum(({ reused }) => reused),
    estimate: {
      input_tokens: known(({ estimate }) => estimate.input_tokens),
      output_tokens: known(({ estimate }) => estimate.output_tokens),
      cost: known(({ estimate }) => estimate.cost),
      seconds: known(({ estimate }) => estimate.seconds),
    },
  };
}

/** What the server says of single rows of a part; `null`: it says something else. */
export function refusedRows(error: unknown, { rows }: Part): Map<number, string> | null {
  const errors = error instanceof ProblemError ? (error.problem.errors ?? []) : [];
  const named = errors.flatMap(({ pointer, detail }): [number, string][] => {
    const [, place, field] = /^\/items\/(\d+)\/?(.*)$/.exec(pointer) ?? [];
    const row = place === undefined ? undefined : rows[Number(place)];
    return row ? [[row.row, `${field} ${detail}`.trim()]] : [];
  });
  return named.length > 0 && named.length === errors.length ? new Map(named) : null;
}
