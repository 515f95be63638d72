import { childOf, traceIdOf } from '../tracing/traceparent.js';
import { traceparentOf } from './trace.js';

const VALID = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const read = (traceparent?: string) =>
  traceparentOf({ headers: { ...(traceparent !== undefined && { traceparent }) } });

describe('a trace context', () => {
  it('of a client is kept', () => {
    expect(read(VALID)).toBe(VALID);
  });

  it('of a later version is read as far as it is known', () => {
    expect(read(VALID.replace(/^00/, 'cc') + '-what-the-future-will-be-like')).toBe(VALID);
    expect(read(VALID.replace(/^00/, '01'))).toBe(VALID);
  });

  const JUNK = [
    undefined,
    '',
    'junk',
    VALID.toUpperCase(),
    VALID.replace(/^00/, 'ff'),
    VALID.replace('4bf92f3577b34da6a3ce929d0e0e4736', '0'.repeat(32)),
    VALID.replace('00f067aa0ba902b7', '0'.repeat(16)),
    `${VALID}-more`,
    `${VALID}, ${VALID}`,
    ` ${VALID}`,
    VALID.slice(0, -1),
    VALID.replace('-01', '-zz'),
  ];
  it.each(JUNK)('is made anew in place of %s', (junk) => {
    const made = read(junk);
    expect(made).toMatch(/^00-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-00$/);
    expect(read(junk)).not.toBe(made);
  });

  it('is the same whenever it is asked for', () => {
    const request = { headers: {} };
    expect(traceparentOf(request)).toBe(traceparentOf(request));
  });

  it('keeps its trace and its flags in a call of ours, under a parent of our own', () => {
    const child = childOf(VALID);
    expect(child).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-[\da-f]{16}-01$/);
    expect(child).not.toBe(VALID);
    expect(childOf(VALID)).not.toBe(child);
    expect(traceIdOf(child)).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
    expect(traceIdOf(null)).toBeNull();
  });
});
