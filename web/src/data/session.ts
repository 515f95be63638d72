import { computed, effect, signal } from '@preact/signals';
import { kept, tab } from './storage.ts';

const KEY = 'key';

/**
 * The visitor's API key; empty: none. It is never part of an address. What is kept beyond a reload ends with the tab.
 */
export const key = signal(tab.read(KEY) ?? '');
export const hasKey = computed(() => key.value !== '');

/** @param stays whether it survives a reload of this tab */
export function useKey(value: string, stays: boolean): void {
  tab.write(KEY, stays && value !== '' ? value : null);
  key.value = value;
}

/** A choice about looks, which stays on this machine. */
export function preference(name: string, initial: string) {
  const choice = signal(kept.read(name) ?? initial);
  effect(() => kept.write(name, choice.value));
  return choice;
}

/** A list that survives a reload and ends with the tab. */
export function remembered(name: string, most: number) {
  const list = signal<string[]>(listIn(tab.read(name)));
  effect(() => tab.write(name, JSON.stringify(list.value)));
  const add = (entry: string) => {
    list.value = [entry, ...list.value.filter((other) => other !== entry)].slice(0, most);
  };
  const remove = (entry: string) => {
    list.value = list.value.filter((other) => other !== entry);
  };
  return { list, add, remove };
}

function listIn(text: string | null): string[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
  } catch {
    return [];
  }
}
