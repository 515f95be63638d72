import { jest } from '@jest/globals';
import { Loops } from '../timing/loops.js';
import type { Leases } from './leases.js';
import { Patience } from './patience.js';

const TEN_MINUTES_MS = 600_000;
const AWAY = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

/** Writes that are refused so often, each of them after ten minutes. */
function refused(times: number) {
  let now = performance.now();
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  return () => {
    now += TEN_MINUTES_MS;
    return times-- > 0 ? Promise.reject(AWAY) : Promise.resolve('written');
  };
}

describe('a worker with something to write', () => {
  afterEach(() => void jest.restoreAllMocks());

  const patienceWhile = (leases: Pick<Leases, 'failing'>) => new Patience(new Loops(), leases as Leases);

  it('waits for its database for as long as that takes nothing at all', async () => {
    expect(await patienceWhile({ failing: true }).untilDatabaseAnswers(refused(4))).toBe('written');
  });

  it('waits a quarter of an hour once the database takes everything else', async () => {
    await expect(patienceWhile({ failing: false }).untilDatabaseAnswers(refused(4))).rejects.toBe(AWAY);
    const leases = { failing: true };
    const write = refused(4);
    const mended = () => write().finally(() => (leases.failing = false));
    await expect(patienceWhile(leases).untilDatabaseAnswers(mended)).rejects.toBe(AWAY);
  });

  it('waits no more once it is told to stop', async () => {
    const patience = patienceWhile({ failing: true });
    patience.stopping = true;
    await expect(patience.untilDatabaseAnswers(refused(1))).rejects.toBe(AWAY);
  });
});
