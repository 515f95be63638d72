import type { AuditEntryDto } from '../admin/edits.dto.js';
import type { Client } from './client.js';
import { type ListOptions, minute, showList } from './listing.js';

export interface AuditOptions extends ListOptions {
  action?: string;
  entity?: string;
  slug?: string;
  since?: string;
}

export function showAudit(client: Client, options: AuditOptions): Promise<number> {
  const { action, entity, slug, since } = options;
  const filter = { action, entity, slug, since };
  const list = { path: '/admin/audit-log', filter, head: ['when', 'what', 'how'], cells: cellsOf };
  return showList<AuditEntryDto>(client, { ...list, none: 'Nothing of this kind was changed.' }, options);
}

const cellsOf = ({ at, action, entity, slug, api_key_id, details }: AuditEntryDto) => [
  minute(at),
  `${action} ${slug ?? entity}\nby ${api_key_id ?? 'ADMIN_TOKEN, or no key'}`,
  JSON.stringify(details),
];
