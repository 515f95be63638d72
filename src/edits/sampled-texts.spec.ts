import { SampledTexts } from './sampled-texts.js';

describe('texts that are drawn', () => {
  /** A film is removed after so many statements, counted from the one that reads the text. */
  const drawnWhere = (removedAfter: number, fault: Error | null = null) => {
    let made = 0;
    const query = (text: string): Promise<unknown[]> => {
      if (text.includes('reltuples')) return Promise.resolve([{ rows: 1 }]);
      if (text.includes('TABLESAMPLE')) return Promise.resolve([{ entity: 'MOVIE', id: 'a' }]);
      if (made++ >= removedAfter) return Promise.resolve([]);
      if (fault && text.includes('facts_origin')) return Promise.reject(fault);
      return Promise.resolve([{ owner: 'b', slug: 'heat-1995', name: 'Heat', year: 1995, title: 'Heat' }]);
    };
    return new SampledTexts({ query } as never).some(1, {});
  };

  it.each([0, 1, 2])('are without those of a film that is removed meanwhile: after %i statements', async (count) => {
    expect(await drawnWhere(count)).toEqual([]);
  });

  it('fail where their facts cannot be read and the film is there', async () => {
    expect(await drawnWhere(3)).toMatchObject([{ slug: 'heat-1995', facts: { title: 'Heat' } }]);
    await expect(drawnWhere(9, new Error('the connection is lost'))).rejects.toThrow('the connection is lost');
  });
});
