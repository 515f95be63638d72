import { ledgerFindings } from './ledger-findings.js';
import type { LedgerReport } from './ledger-report.js';

const postgres: LedgerReport['postgres'] = {
  state: 'up',
  version: '18.1',
  migrations: 3,
  migrations_known: 2,
  least_program: null,
  durability: null,
  migration_lock: null,
};

describe('a database that a newer program has migrated', () => {
  const codesOf = (more: Partial<LedgerReport['postgres']>) =>
    ledgerFindings({ postgres: { ...postgres, ...more }, jobs: null }).map(({ code, severity }) => [code, severity]);

  it('is a warning as long as it serves this one, and critical where it does not', () => {
    expect(codesOf({})).toEqual([['migrations_newer', 'warning']]);
    expect(codesOf({ least_program: '0.0.1' })).toEqual([['migrations_newer', 'warning']]);
    expect(codesOf({ least_program: '999.0.0' })).toEqual([['program_too_old', 'critical']]);
    expect(codesOf({ migrations: 2 })).toEqual([]);
  });
});
