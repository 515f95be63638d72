import { Slots } from './slots.js';

const LONG_MS = 5000;

describe('the slots of a key or a server', () => {
  it('are so many and no more, for each name of its own', async () => {
    const slots = new Slots(2);
    expect(await Promise.all(['a', 'a', 'a', 'b'].map((host) => slots.take(host, 1)))).toEqual([
      true,
      true,
      false,
      true,
    ]);
  });

  it('go to who has waited longest, and who gave up waiting is passed over', async () => {
    const slots = new Slots(2);
    const order: string[] = [];
    for (let n = 0; n < 2; n++) await slots.take('a', 0);
    const impatient = slots.take('a', 1);
    const wait = (name: string) => slots.take('a', LONG_MS).then((got) => got && order.push(name));
    const waiting = [wait('first')];
    // As many wait as there are slots: one more does not.
    expect(await slots.take('a', LONG_MS)).toBe(false);
    expect(await impatient).toBe(false);
    waiting.push(wait('second'));
    slots.giveBack('a');
    await waiting[0];
    expect(order).toEqual(['first']);
    slots.giveBack('a');
    await waiting[1];
    expect(order).toEqual(['first', 'second']);
    slots.giveBack('a');
    expect(await slots.take('a', 0)).toBe(true);
  });
});
