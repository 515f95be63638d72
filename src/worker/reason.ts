import type { Config } from '../config/config.js';
import type { Trouble } from '../domain/trouble.js';

/** The service's own words, without our key; `null`: it said nothing. */
export function reasonIn(trouble: Trouble | undefined, { openai: { apiKey } }: Config): string | null {
  const reason = trouble?.reason ?? '';
  return (apiKey === '' ? reason : reason.replaceAll(apiKey, '[removed]')) || null;
}
