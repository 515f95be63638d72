import { computed, signal } from '@preact/signals';
import type { Job } from '../data/api.ts';
import { remembered } from '../data/session.ts';
import type { Kind, Request } from './wish.ts';

/** A request of this tab. */
export interface Asked {
  id: string;
  kind: Kind;
  request: Request;
  /** How it was called when the request itself has but a slug. */
  name?: string;
}

const jobs = remembered('jobs', 20);
/** Each entry: ids of the batches that one list was sent in, with commas between. */
export const batches = remembered('batches', 20);

/** Newest first. */
export const asked = computed(() => jobs.list.value.flatMap((text) => read(text) ?? []));
/** The job that was asked for last: its card comes into sight. */
export const newest = signal('');
/** Jobs as they were accepted, so that a card begins with more than nothing. */
export const accepted = new Map<string, Job>();

export function keep(entry: Asked): void {
  forget(entry.id);
  jobs.add(JSON.stringify(entry));
}

export function forget(id: string): void {
  for (const text of jobs.list.value) if (read(text)?.id === id) jobs.remove(text);
}

function read(text: string): Asked | undefined {
  try {
    const entry = JSON.parse(text) as Partial<Asked> | null;
    return typeof entry?.id === 'string' && typeof entry.request === 'object' ? (entry as Asked) : undefined;
  } catch {
    return undefined;
  }
}
