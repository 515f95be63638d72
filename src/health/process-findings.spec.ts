import type { PostgresReport } from './postgres-report.js';
import { clockFindings, roomFindings } from './process-findings.js';

const at = (host: string, clock_ahead: number | null, connections = 17) => ({ host, clock_ahead, connections });

describe('the clocks of machines', () => {
  it('are not apart within two seconds, or while they are not known', () => {
    expect(clockFindings([at('a', 2), at('b', null), at('c', 0)])).toEqual([]);
    expect(clockFindings([])).toEqual([]);
  });

  it('are apart from PostgreSQL, or from each other', () => {
    const [ahead] = clockFindings([at('a', 2.1), at('b', 0)]);
    expect(ahead).toMatchObject({ code: 'clock_skew', message: expect.stringMatching(/: a 2.1 s ahead$/) });
    const [both] = clockFindings([at('a', 1.5), at('b', -1.5)]);
    expect(both!.message).toMatch(/: a 1.5 s ahead, b 1.5 s behind$/);
  });
});

describe('the connections that processes may open', () => {
  const report = { connections: { used: 1, allowed: 50 } } as PostgresReport;

  it('are more than PostgreSQL allows, or not', () => {
    expect(roomFindings([at('a', 0, 25), at('b', 0, 25)], report)).toEqual([]);
    expect(roomFindings([at('a', 0, 25), at('b', 0, 26)], report)).toEqual([
      expect.objectContaining({ code: 'postgres_connections_few', message: expect.stringMatching(/50 .*may open 51/) }),
    ]);
    expect(roomFindings([at('a', 0, 1000)], null)).toEqual([]);
  });
});
