import { jest } from '@jest/globals';
import { Batched } from './batched.js';

/** Answers when it is let go, and keeps what it was asked. */
function asked(atOnce: number, most: number) {
  const calls: { questions: number[]; go: () => void; fail: (error: Error) => void }[] = [];
  const batched = new Batched<number, string>(
    (questions) =>
      new Promise((done, fail) => calls.push({ questions, fail, go: () => done(questions.map((n) => `answer ${n}`)) })),
    atOnce,
    most,
  );
  return { calls, batched };
}

const settled = () => new Promise((done) => setImmediate(done));

describe('questions that are asked together', () => {
  it('go together that come in one turn, and those that come while no call is free; but no more than may', async () => {
    const { calls, batched } = asked(2, 3);
    const answers = [1, 2, 3, 4].map((n) => batched.ask(n));
    await settled();
    expect(calls.map(({ questions }) => questions)).toEqual([[1, 2, 3], [4]]);
    for (const n of [5, 6]) {
      answers.push(batched.ask(n));
      await settled();
    }
    expect(calls).toHaveLength(2);
    calls[0]!.go();
    await settled();
    await settled();
    expect(calls.slice(2).map(({ questions }) => questions)).toEqual([[5, 6]]);
    for (const { go } of calls) go();
    expect(await Promise.all(answers)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `answer ${n}`));
  });

  it('all fail with their call, and the next ones are asked again', async () => {
    const { calls, batched } = asked(1, 10);
    const first = batched.ask(1);
    await settled();
    const others = [batched.ask(2), batched.ask(3)];
    calls[0]!.fail(new Error('away'));
    await expect(first).rejects.toThrow('away');
    await settled();
    await settled();
    calls[1]!.fail(new Error('still away'));
    for (const other of others) await expect(other).rejects.toThrow('still away');
    const later = batched.ask(4);
    await settled();
    await settled();
    calls[2]!.go();
    expect(await later).toBe('answer 4');
  });

  it('fail with a call when they have waited for long, and are asked when they have not', async () => {
    const clock = jest.spyOn(performance, 'now').mockReturnValue(0);
    const { calls, batched } = asked(1, 10);
    const first = batched.ask(1);
    await settled();
    const long = batched.ask(2);
    clock.mockReturnValue(6000);
    const short = batched.ask(3);
    calls[0]!.fail(new Error('away'));
    for (const answer of [first, long]) await expect(answer).rejects.toThrow('away');
    await settled();
    await settled();
    expect(calls.slice(1).map(({ questions }) => questions)).toEqual([[3]]);
    calls[1]!.go();
    expect(await short).toBe('answer 3');
    clock.mockRestore();
  });
});
