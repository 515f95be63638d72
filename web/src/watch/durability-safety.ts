import { BASE, type Detail } from '../data/api.ts';
import { ago, bytes } from '../words/numbers.ts';
import { words } from '../words/words.ts';
import type { Line } from './durability-lines.ts';

/** A backup that is older is worth a look, milliseconds: two days, as the server's own warning has it. */
const OLD_MS = 48 * 3_600_000;

/** What notes a backup, for the command line. */
export const noteLine = () =>
  `curl -H "Authorization: Bearer $ADMIN_TOKEN" ${BASE}/admin/backups \\\n` +
  `  -H 'content-type: application/json' -d '{"tool":"pg_dump"}'`;

/** What was found lost and was repaired. What points to a fault of Redis or of a clock is worth a look. */
export function recoveryLines({ recoveries }: Detail): Line[] {
  const { durability: d } = words.value;
  if (!recoveries) return [{ state: 'none', name: 'PostgreSQL', says: d.postgresDown }];
  if (recoveries.length === 0) return [{ state: 'good', name: d.inADay, says: d.nothingLost }];
  return recoveries.map(({ kind, of, count, last_at }) => ({
    state: kind === 'queue_refilled' || kind === 'clock_set_back' ? 'warn' : 'good',
    name: d.went[of](count),
    says: d.repairedSays(d.repaired[kind], ago(last_at)),
  }));
}

/** The last backup that was noted. */
export function backupLine({ backup, postgres }: Detail): Line {
  const { durability: d } = words.value;
  const name = d.backup;
  if (postgres.state === 'down') return { state: 'none', name, says: d.postgresDown };
  if (!backup) return { state: 'warn', name, says: d.backupNone, todo: d.backupTodo };
  const size = backup.bytes === null ? '' : `, ${bytes(backup.bytes)}`;
  const says = d.backupOf(ago(backup.finished_at), size);
  const isOld = Date.now() - Date.parse(backup.finished_at) > OLD_MS;
  return { state: isOld ? 'warn' : 'good', name, says, todo: isOld ? d.backupTodo : undefined };
}
