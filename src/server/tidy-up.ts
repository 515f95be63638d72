import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** From the start: what it still has to do is done by then, and few requests have come. Milliseconds. */
const AFTER_MS = 2000;

type Collector = (options: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void;

/**
 * Gives back what only the start took, once, and so a quarter of the memory of an idle process. V8 would keep it: it
 * grows while modules are loaded, and nothing of an idle process makes it look again. Holds everything up for about a
 * tenth of a second.
 */
export function tidyUpSoon(): void {
  setTimeout(() => {
    setFlagsFromString('--expose-gc');
    // Where flags cannot be set any more there is none, and the memory stays.
    const collect = runInNewContext('globalThis.gc') as Collector | undefined;
    collect?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  }, AFTER_MS).unref();
}
