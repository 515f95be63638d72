import { InvalidArgumentError } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';

/** For programs that run a load for minutes: what their options take, and how they tell of it. */

/** Requests a run may make: their rows and ids are held in memory by the checker at the end. */
const MAX_REQUESTS = 300_000;

export const between = (least: number, most: number) => (text: string) => {
  const value = Number(text);
  if (!(value >= least && value <= most)) throw new InvalidArgumentError(`takes a number ${least}..${most}`);
  return value;
};

/** Ends the program where the run would be too large for it. */
export function refuseTooMuch({ minutes, rate }: { minutes: number; rate: number }): void {
  if (minutes * 60 * rate <= MAX_REQUESTS) return;
  console.error(`Too much for the memory of one checker: minutes × 60 × rate may be ${MAX_REQUESTS} at most.`);
  process.exit(2);
}

/** One line that is rewritten each second in a terminal; elsewhere a line after every so many seconds. */
export async function tellWhile(
  isOn: () => boolean,
  line: () => string | Promise<string>,
  elsewhereSeconds: number,
): Promise<void> {
  const terminal = process.stderr.isTTY;
  for (let n = 0; isOn(); n++) {
    const text = await line();
    if (terminal) process.stderr.write(`\r\u001B[K${text}`);
    else if (n % elsewhereSeconds === 0) console.error(text);
    await sleep(1000); // between two lines
  }
  if (terminal) process.stderr.write('\r\u001B[K');
}
