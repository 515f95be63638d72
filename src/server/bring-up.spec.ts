import { jest } from '@jest/globals';
import { givingWay } from './bring-up.js';

describe('a change of tables that others use', () => {
  const failing = (...codes: string[]) =>
    jest.fn(async () => {
      const code = codes.shift();
      if (code !== undefined) throw Object.assign(new Error('refused'), { code });
    });

  it('is tried again when a table is taken, and when it was the one to give way in a deadlock', async () => {
    const work = failing('55P03', '40P01');
    await givingWay(work);
    expect(work).toHaveBeenCalledTimes(3);
  });

  it('is not tried again where that would not help', async () => {
    const work = failing('42501');
    await expect(givingWay(work)).rejects.toMatchObject({ code: '42501' });
    expect(work).toHaveBeenCalledTimes(1);
  });
});
