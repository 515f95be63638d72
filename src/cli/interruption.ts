import { setTimeout as sleep } from 'node:timers/promises';
import { Interrupted } from './errors.js';

/** Aborted by the first Ctrl-C (or SIGTERM), so that the command can end in order; the second one ends the process. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const interrupted = new Interrupted(signal);
      if (controller.signal.aborted) process.exit(interrupted.exitCode);
      controller.abort(interrupted);
    });
  }
  return controller.signal;
}

/** @throws the reason of the signal, as soon as it is aborted */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.max(0, milliseconds), undefined, { signal }).catch(() => undefined);
  signal.throwIfAborted();
}
