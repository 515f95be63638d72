import { effect, signal } from '@preact/signals';
import { api, by, isAway, type MovieMind, whoAmI, type WhoAmI } from './api.ts';
import { hasKey, key, useKey } from './session.ts';
import { slept } from './live.ts';

/** Who the visitor is to the server; `undefined`: not known yet. */
export const who = signal<WhoAmI | undefined>(undefined);
/** Whether the dialog for the key is open. */
export const asksForKey = signal(false);

export const may = (scope: 'generate' | 'read' | 'edit' | 'admin') =>
  who.value?.scopes.some((own) => own === scope || own === 'admin') ?? false;

/** The server writes it into the page, so that it is known from the beginning. */
const SERVICE = document.querySelector('meta[name=model-service]')?.getAttribute('content');

/** Whether texts come from samples and not from a model. */
export const isDemo = () => (who.value?.model?.service ?? SERVICE) === 'mock';

/** Asks again whenever the key changes, and until the server answers. A key that is refused is forgotten. */
export function keepKnowing(): void {
  effect(() => {
    const leave = new AbortController();
    void key.value;
    void ask(leave.signal);
    return () => leave.abort();
  });
}

/** @throws ProblemError 401: the server does not know the key */
export async function known(to: MovieMind, signal: AbortSignal): Promise<WhoAmI> {
  const { data } = await whoAmI({ ...by(to), signal });
  return data;
}

async function ask(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const answer = await known(api(), signal);
      if (!signal.aborted) who.value = answer;
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (!isAway(error)) {
        if (hasKey.value) useKey('', false);
        return;
      }
      await slept(2000, signal);
    }
  }
}
