import { ANYBODY, type Caller, maySee, OPERATOR } from './caller.js';

describe('a caller', () => {
  const key: Caller = { key_id: 'one', scopes: ['generate'], sees_only: 'one', changes_only: 'one' };
  const admin: Caller = { key_id: 'two', scopes: ['admin'], sees_only: null, changes_only: null };

  it('with a key is shown what the key made, and nothing else', () => {
    expect(['one', 'two', null].map((owner) => maySee(key, owner))).toEqual([true, false, false]);
  });

  it('with a key of a project is shown what its keys made', () => {
    const shared = { ...key, fellows: ['one', 'two'] };
    expect(['one', 'two', 'three', null].map((owner) => maySee(shared, owner))).toEqual([true, true, false, false]);
  });

  it.each([
    ['an admin key', admin],
    ['the operator', OPERATOR],
    ['anybody, where no key is needed', ANYBODY],
  ])('is shown everything: %s', (_, caller) => {
    expect(['one', 'two', null].map((owner) => maySee(caller, owner))).toEqual([true, true, true]);
  });
});
