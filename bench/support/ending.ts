/** What was started, the last of it last. It ends the other way round. */
const ends: (() => Promise<unknown>)[] = [];
/** No end takes longer than this, milliseconds. */
const END_WITHIN_MS = 30_000;

export const atEnd = (end: () => Promise<unknown>): void => void ends.push(end);

let ending = false;

/** What fails from then on fails for that reason. */
export const isEnding = (): boolean => ending;

/** Ends everything that was started, however it went. */
export async function endAll(): Promise<void> {
  ending = true;
  for (let end = ends.pop(); end; end = ends.pop()) {
    const late = new Promise((over) => setTimeout(over, END_WITHIN_MS).unref());
    await Promise.race([end().catch((error: Error) => console.error(`at the end: ${error.message}`)), late]);
  }
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => void endAll().then(() => process.exit(code)));
