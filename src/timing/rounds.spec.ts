import { jest } from '@jest/globals';
import { Rounds } from './rounds.js';

describe('rounds', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  /** Rounds of which those fail that `fails` names, by their number from 1. */
  function counted(fails: number[] = []) {
    let begun = 0;
    const asked: number[] = [];
    const round = async () => {
      if (fails.includes(++begun)) throw new Error('refused');
    };
    const pauseMs = (failures: number) => {
      asked.push(failures);
      return failures === 0 ? 100 : 1000 * failures;
    };
    return { rounds: new Rounds(round, pauseMs), round, begun: () => begun, asked };
  }

  it('begin with a pause, or with what is to be done first', async () => {
    const { rounds, round, begun } = counted();
    rounds.start();
    await jest.advanceTimersByTimeAsync(99);
    expect(begun()).toBe(0);
    await jest.advanceTimersByTimeAsync(1);
    expect(begun()).toBe(1);
    const other = counted();
    other.rounds.start(round);
    await jest.advanceTimersByTimeAsync(0);
    expect(begun()).toBe(2);
  });

  it('tell the pause how many of them have failed in a row', async () => {
    const { rounds, asked } = counted([1, 2]);
    rounds.start();
    await jest.advanceTimersByTimeAsync(100 + 1000 + 2000);
    expect(asked).toEqual([0, 1, 2, 0]);
  });

  it('begin at once when they are woken, also during a round; but not after one that has failed', async () => {
    const { rounds, begun } = counted([2]);
    rounds.start();
    rounds.wake();
    await jest.advanceTimersByTimeAsync(0);
    expect(begun()).toBe(1);
    rounds.wake();
    await jest.advanceTimersByTimeAsync(0);
    expect([begun(), rounds.failing]).toEqual([2, true]);
    rounds.wake();
    await jest.advanceTimersByTimeAsync(999);
    expect(begun()).toBe(2);
    await jest.advanceTimersByTimeAsync(1);
    expect([begun(), rounds.failing]).toEqual([3, false]);
  });

  it('end in the middle of a pause when they are stopped, and do not begin again', async () => {
    const { rounds, begun } = counted();
    rounds.start();
    await rounds.stop();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(begun()).toBe(0);
  });
});
