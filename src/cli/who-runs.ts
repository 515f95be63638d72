import { userInfo } from 'node:os';
import type { Doer } from '../audit/audit-log.js';

/** For the audit log. A user without a name, as containers have them, is told by its number. */
export function whoRuns(): Doer {
  let actor_name = String(process.getuid?.() ?? 'unknown');
  try {
    actor_name = userInfo().username;
  } catch {
    // the system does not know it
  }
  return { api_key_id: null, request_id: null, actor: 'cli', actor_name };
}
