/** Longest wait a client may ask for, seconds. Source: the contract. */
export const LONGEST_WAIT_SECONDS = 30;
/** Longest header that is read, characters; it keeps the expressions below from long work. */
export const LONGEST_HEADER = 1000;

/**
 * The `wait` of a Prefer header (RFC 7240), in whole seconds, cut to the longest.
 * @returns `null` when there is none, or none that can be understood: a preference is never an error
 */
export function waitOf(header: string | string[] | undefined): number | null {
  const text = String(header ?? '');
  if (text.length > LONGEST_HEADER) return null;
  // Commas separate the preferences, except within quotes; only the first `wait` counts.
  const preferences = text.match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g) ?? [];
  const wait = preferences.find((preference) => /^\s*wait\s*(=|;|$)/i.test(preference)) ?? '';
  const [, bare, quoted] = /^\s*wait\s*=\s*(?:(\d{1,9})|"(\d{1,9})")\s*(?:;.*)?$/i.exec(wait) ?? [];
  const seconds = Number(bare ?? quoted ?? 0);
  return seconds >= 1 ? Math.min(seconds, LONGEST_WAIT_SECONDS) : null;
}
