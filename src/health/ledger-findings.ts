import { isServed } from '../database/program-age.js';
import { type Finding, type FindingCode, finding, foundIn } from './finding.js';
import type { Durability, LedgerReport } from './ledger-report.js';

const LOST_WITHOUT: Record<keyof Durability, string> = {
  fsync: 'the whole database',
  synchronous_commit: 'the last requests it accepted',
  full_page_writes: 'pages of the database',
};

const OFF: Record<keyof Durability, FindingCode> = {
  fsync: 'postgres_fsync_off',
  synchronous_commit: 'postgres_synchronous_commit_off',
  full_page_writes: 'postgres_full_page_writes_off',
};

/** Whether PostgreSQL takes what is accepted, and keeps it. */
export function ledgerFindings({ postgres }: LedgerReport): Finding[] {
  const { state, migrations, migrations_known, durability, migration_lock, least_program } = postgres;
  const serves = isServed(least_program);
  if (state === 'down') {
    const message = 'PostgreSQL does not answer: nothing is accepted until it does';
    return [finding('postgres_down', message, 'look at its process and log, and at DATABASE_URL')];
  }
  const found = foundIn(
    [
      state === 'read-only',
      () =>
        finding(
          'postgres_read_only',
          'PostgreSQL is read-only: nothing is accepted',
          'point DATABASE_URL to the primary',
        ),
    ],
    [
      migrations < migrations_known,
      () =>
        finding(
          'migrations_missing',
          'PostgreSQL: migrations are missing',
          'restart the program or run its migrate step',
        ),
    ],
    [
      migrations > migrations_known && serves,
      () =>
        finding(
          'migrations_newer',
          'PostgreSQL: a newer program has migrated it, which serves this one, too',
          'end this one when the newer ones are well',
        ),
    ],
    [
      !serves,
      () =>
        finding(
          'program_too_old',
          'PostgreSQL: a newer program has taken away what this one uses',
          'start the newer one in place of this',
        ),
    ],
  );
  return [...found, ...lockOf(migration_lock), ...durabilityFindings(durability)];
}

/** @param lock who holds it; behind a semicolon, how to end that */
function lockOf(lock: string | null): Finding[] {
  if (lock === null) return [];
  const [holder, action] = lock.split('; ');
  return [finding('migration_lock', `The next start waits: ${holder}`, action!)];
}

function durabilityFindings(durability: Durability | null): Finding[] {
  const off = Object.entries(durability ?? {}).filter(([, value]) => value === 'off') as [keyof Durability, string][];
  return off.map(([name]) => {
    const message = `PostgreSQL: ${name} is off, a power failure may lose ${LOST_WITHOUT[name]}`;
    return finding(OFF[name], message, `set ${name} on`);
  });
}
