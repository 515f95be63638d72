import { replicaFindings } from './replica-findings.js';

describe('what keeps reads from a replica', () => {
  it('is nothing where there is none, or where it is fit', () => {
    expect(replicaFindings(null)).toEqual([]);
    expect(replicaFindings({ isFit: true, lagSeconds: 0.2, reason: null })).toEqual([]);
  });

  it.each([
    [{ lagSeconds: 12.4, reason: 'it is behind' }, 'replica_behind', /the replica is 12 seconds behind/],
    [{ lagSeconds: null, reason: 'connect ECONNREFUSED' }, 'replica_unused', /ECONNREFUSED; the primary answers all/],
    // A read has just failed there.
    [{ lagSeconds: 0, reason: 'connection lost' }, 'replica_unused', /connection lost/],
  ])('%j is told as %s', (state, code, message) => {
    expect(replicaFindings({ isFit: false, ...state })).toEqual([
      expect.objectContaining({ code, severity: 'warning', message: expect.stringMatching(message) }),
    ]);
  });
});
