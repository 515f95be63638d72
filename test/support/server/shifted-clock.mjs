/**
 * Preloaded into one process of a test (`NODE_OPTIONS=--import …`): its clock is wrong by as many milliseconds as the
 * file CLOCK_FILE says, and jumps when that changes. Timers and `performance.now()` go on, as they do when a real
 * clock is set.
 */
import { readFileSync } from 'node:fs';

const Real = Date;
let wrongBy = 0;

const look = () => {
  try {
    wrongBy = Number(readFileSync(process.env.CLOCK_FILE, 'utf8')) || 0;
  } catch {
    // being written
  }
};
look();
setInterval(look, 20).unref();

const now = () => Real.now() + wrongBy;
globalThis.Date = new Proxy(Real, {
  construct: (_, parameters, target) => Reflect.construct(Real, parameters.length > 0 ? parameters : [now()], target),
  apply: () => new Real(now()).toString(),
  get: (_, name) => (name === 'now' ? now : Reflect.get(Real, name)),
});
