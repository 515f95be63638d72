import { jest } from '@jest/globals';
import { Loop, reasonOf } from './loop.js';

describe('a loop', () => {
  let now = 0;
  beforeEach(() => {
    now = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
  });
  afterEach(() => jest.restoreAllMocks());

  const at = (seconds: number) => (now = seconds * 1000);
  const standing = (loop: Loop) => {
    loop.look();
    const { standing_seconds, reason } = loop.report();
    return standing_seconds === null ? null : [standing_seconds, reason];
  };
  const refused = (loop: Loop, seconds: number, part = '') => {
    at(seconds);
    loop.refused(new Error('permission denied'), part);
  };

  it('that polls stands still once it has been refused for 10 s, and no more after a success', () => {
    const loop = new Loop('dispatch-jobs', 500);
    refused(loop, 1);
    at(10.4);
    expect(standing(loop)).toBeNull();
    at(11);
    expect(standing(loop)).toEqual([10, 'permission denied']);
    loop.succeeded();
    expect(standing(loop)).toBeNull();
    expect(loop.report()).toMatchObject({ success_seconds: 0, refusal_seconds: 10, reason: 'permission denied' });
  });

  it('that does not come round stands still, also from its start', () => {
    const loop = new Loop('sweep-jobs', 5000);
    at(14.9);
    expect(standing(loop)).toBeNull();
    at(15);
    expect(standing(loop)).toEqual([15, 'it does not come round']);
  });

  it('that waits for an answer stands still; a round that comes on does not', async () => {
    const loop = new Loop('work-movies', null);
    let end: () => void = () => undefined;
    const round = loop.run(() => new Promise<void>((done) => (end = done)));
    at(9);
    loop.succeeded('another part');
    at(10);
    expect(standing(loop)).toEqual([10, 'it waits for an answer']);
    loop.succeeded();
    expect(standing(loop)).toBeNull();
    end();
    await round;
    at(100);
    expect(standing(loop)).toBeNull();
  });

  it('with something to do now and then stands still when it is refused again, and not for ever', () => {
    const loop = new Loop('status-cache', null);
    refused(loop, 0);
    at(30);
    expect(standing(loop)).toBeNull();
    refused(loop, 31);
    expect(standing(loop)).toEqual([31, 'permission denied']);
    at(92);
    expect(standing(loop)).toBeNull();
  });

  it('of which one part is refused stands still while another goes on', () => {
    const loop = new Loop('work-people', 500);
    refused(loop, 0, 'extendLocks');
    at(10);
    loop.succeeded('moveToActive');
    expect(standing(loop)).toEqual([10, 'permission denied']);
  });

  it('that has ended stands still for good', () => {
    const loop = new Loop('work-people', null);
    loop.ended(new Error('a defect'));
    at(1000);
    loop.succeeded('extendLocks');
    expect(standing(loop)).toEqual([1000, 'a defect']);
  });
});

describe('the reason of a refusal', () => {
  it.each([
    [new Error('one\ntwo'), 'one'],
    [
      Object.assign(new AggregateError([new Error('connect ECONNREFUSED ::1:6379')]), { message: '' }),
      'connect ECONNREFUSED ::1:6379',
    ],
    [Object.assign(new Error(''), { code: 'ECONNRESET' }), 'ECONNRESET'],
    [
      Object.assign(new Error('EXECABORT Transaction discarded because of previous errors.'), {
        previousErrors: [new Error('NOPERM no permissions')],
      }),
      'NOPERM no permissions',
    ],
    [new Error("Stream isn't writeable and enableOfflineQueue options is false"), 'no connection to Redis'],
    [new Error('no answer from redis://user:secret@host:6379/1'), 'no answer from redis://host:6379/1'],
    [new Error('x'.repeat(1000)), 'x'.repeat(200)],
  ])('is one line without secrets: %s', (error, reason) => {
    expect(reasonOf(error)).toBe(reason);
  });
});
