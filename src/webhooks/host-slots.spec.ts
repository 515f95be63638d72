import { HostSlots } from './host-slots.js';

const LONG_MS = 5000;

describe('the slots of a server', () => {
  it('are so many and no more, for each server of its own', async () => {
    const slots = new HostSlots(2);
    expect(await Promise.all(['a', 'a', 'a', 'b'].map((host) => slots.take(host, 1)))).toEqual([
      true,
      true,
      false,
      true,
    ]);
  });

  it('go to who has waited longest, and who gave up waiting is passed over', async () => {
    const slots = new HostSlots(1);
    const order: string[] = [];
    await slots.take('a', 0);
    const impatient = slots.take('a', 1);
    const waiting = ['first', 'second'].map((name) => slots.take('a', LONG_MS).then((got) => got && order.push(name)));
    expect(await impatient).toBe(false);
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
