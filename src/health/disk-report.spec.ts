import { diskFindings, diskOf } from './disk-report.js';

const GIB = 1024 ** 3;
const severities = (free: number, size: number) =>
  diskFindings({ folder: '/data', free, size }).map(({ severity }) => severity);

describe('the disk of the embedded PostgreSQL', () => {
  it('is as large as the system says', async () => {
    const report = (await diskOf('.'))!;
    expect(report.size).toBeGreaterThan(report.free);
    expect(await diskOf('/no/such/folder')).toBeNull();
  });

  it('is nearly full by its share and by what is left', () => {
    expect([severities(2 * GIB, 20 * GIB), severities(GIB, 20 * GIB)]).toEqual([[], ['warning']]);
    expect([severities(90 * GIB, 1000 * GIB), severities(4 * GIB, 1000 * GIB)]).toEqual([[], ['warning']]);
    expect(severities(0.3 * GIB, 20 * GIB)).toEqual(['critical']);
    expect(diskFindings(null)).toEqual([]);
  });
});
