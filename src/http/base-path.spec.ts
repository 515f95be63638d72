import { linkedBelow } from './base-path.js';

describe('an answer below a prefix', () => {
  it('leads there in its links, and carries what a client has noted as it came', () => {
    const metadata = { links: '/of-mine', self: '/jobs/1' };
    const answer = { results: [{ links: { self: '/jobs/1', result: null }, metadata }] };
    expect(linkedBelow('/films', answer)).toEqual({
      results: [{ links: { self: '/films/jobs/1', result: null }, metadata }],
    });
  });
});
