/**
 * Preloaded into one process of a test (`NODE_OPTIONS=--import …`): lets it die or stand still at an exact place. It
 * works from outside, on the driver's `query`; the program itself has no such places, so no build of it can be made
 * to obey.
 *
 *   FAILPOINT=die-before-write    SIGKILL when a result is about to be stored
 *   FAILPOINT=die-after-write     SIGKILL when the transaction that stored it has been committed
 *   FAILPOINT=block-before-write  the event loop stands still, timers and all, until the file FAILPOINT_GATE exists
 *
 * Once it has fired the file FAILPOINT_SIGN is there: whoever armed it (armed.ts) looks for it.
 */
import { existsSync, writeFileSync } from 'node:fs';
import pg from 'pg';

const { FAILPOINT, FAILPOINT_GATE, FAILPOINT_SIGN } = process.env;
const LONGEST_BLOCK_MS = 60_000;

function die() {
  writeFileSync(FAILPOINT_SIGN, '');
  process.kill(process.pid, 'SIGKILL');
}

function block() {
  writeFileSync(FAILPOINT_SIGN, '');
  const nap = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; !existsSync(FAILPOINT_GATE) && waited < LONGEST_BLOCK_MS; waited += 20)
    Atomics.wait(nap, 0, 0, 20);
}

/** The statement that ends claims, with a job among them that is DONE. */
function isSettling(text, parameters) {
  const values = parameters[0]?.values ?? parameters[1];
  return (
    String(text).includes('UPDATE generation_jobs AS job SET status = change.status') &&
    /"status":"DONE"/.test(values?.[0])
  );
}

const storing = new WeakSet();
const query = Reflect.get(pg.Client.prototype, 'query');
pg.Client.prototype.query = function (...parameters) {
  const text = parameters[0]?.text ?? parameters[0];
  const stores = isSettling(text, parameters);
  if (stores && FAILPOINT === 'die-before-write') die();
  if (stores && FAILPOINT === 'block-before-write') block();
  if (stores) storing.add(this);
  const answer = Reflect.apply(query, this, parameters);
  if (text === 'COMMIT' && storing.has(this) && FAILPOINT === 'die-after-write') void answer.then(die);
  return answer;
};
