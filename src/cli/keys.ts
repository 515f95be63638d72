import { validate as isUuid } from 'uuid';
import { whyNotText } from '../http/fields.js';
import type { Scope } from '../access/scopes.js';
import { type KeyRow, KeysService } from '../access/keys.service.js';
import { onDatabase } from './database.js';
import { CliError } from './errors.js';
import { printJson, table } from './output.js';
import { whoRuns } from './who-runs.js';

export interface NewKey {
  name: string;
  scope: Scope[];
  days?: number | null;
  dailyTokens?: number | null;
  rateLimit?: number | null;
  project?: string;
  expires?: number | Date | null;
  json?: boolean;
}

/** Of keys that name none. */
const DEFAULT_PROJECT = 'default';

/** Makes a key. Only its text goes to stdout, and it is never shown again; messages about it go to stderr. */
export async function createKey({ name, scope, json, ...options }: NewKey): Promise<number> {
  const { days = null, expires = null, dailyTokens = null, rateLimit = null } = options;
  const project = (options.project ?? DEFAULT_PROJECT).trim();
  for (const [option, text] of Object.entries({ name: name.trim(), project })) {
    const wrong = whyNotText(text, 1, 100);
    if (wrong) throw new CliError(`--${option} ${wrong}`);
  }
  if (days !== null && expires !== null) throw new CliError('--days and --expires say the same: leave one of them out');
  const wanted = { name: name.trim(), scopes: scope, days: expires ?? days, dailyTokens, rateLimit, project };
  const { row, text } = await onDatabase((db) => new KeysService(db).create(wanted, whoRuns()));
  if (json) {
    printJson({ ...row, key: text });
    return 0;
  }
  const until = row.expires_at ? `, until ${row.expires_at.toISOString()}` : '';
  const most = limitsOf(row).map((limit) => `, with ${limit}`);
  process.stderr.write(
    `Key "${row.name}" (${row.id}) of project "${project}" for ${row.scopes.join(', ')}${until}${most.join('')}.\n` +
      'This is the only time it is shown. Send it as  Authorization: Bearer <key>\n',
  );
  console.log(text);
  return 0;
}

/** Lists all keys, without their secret texts. */
export async function listKeys({ json = false }: { json?: boolean }): Promise<number> {
  const rows = await onDatabase((db) => new KeysService(db).list());
  if (json) printJson(rows);
  else if (rows.length === 0)
    console.log('There are no keys yet. Make one: keys create --name <name> --scope generate');
  else console.log(table(['key', 'scopes', 'state'], rows.map(cellsOf)));
  return 0;
}

function cellsOf(row: KeyRow): string[] {
  const { id, name, scopes, created_at, last_used_at, project } = row;
  const used = last_used_at ? `used ${minute(last_used_at)}` : 'not used yet';
  const may = [scopes.join(' '), ...limitsOf(row)].join('\n');
  return [`${name}\n${id}\nproject ${project ?? 'none'}`, may, `${stateOf(row)}\nmade ${minute(created_at)}\n${used}`];
}

/** Revokes a key for ever. Running servers refuse it within a second. */
export async function revokeKey(id: string, { json = false }: { json?: boolean }): Promise<number> {
  if (!isUuid(id)) throw new CliError(`"${id}" is no id of a key: keys list shows them (the key itself is not its id)`);
  const row = await onDatabase((db) => new KeysService(db).revoke(id, whoRuns()));
  if (!row) throw new CliError('there is no key with this id: keys list shows them');
  if (json) printJson(row);
  else console.log(`Key "${row.name}" is revoked since ${row.revoked_at!.toISOString()}.`);
  return 0;
}

const limitsOf = ({ daily_tokens, rate_limit }: KeyRow): string[] => [
  ...(rate_limit === null ? [] : [`${rate_limit} requests/min`]),
  ...(daily_tokens === null ? [] : [`${daily_tokens} tokens a day`]),
];

const minute = (moment: Date) => moment.toISOString().slice(0, 16).replace('T', ' ');

function stateOf({ revoked_at, expires_at }: KeyRow): string {
  if (revoked_at) return `revoked ${minute(revoked_at)}`;
  if (!expires_at) return 'valid';
  return `${expires_at.getTime() > Date.now() ? 'valid until' : 'expired'} ${minute(expires_at)}`;
}
