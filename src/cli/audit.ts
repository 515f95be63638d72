import type { DeedDto } from '../admin/audit.dto.js';
import type { Client } from './client.js';
import { type ListOptions, minute, showList } from './listing.js';

export interface AuditOptions extends ListOptions {
  action?: string;
  on?: string;
  target?: string;
  key?: string;
  since?: string;
}

export function showAudit(client: Client, options: AuditOptions): Promise<number> {
  const { action, on, target, key, since } = options;
  const filter = { action, target_kind: on, target, key, since };
  const list = { path: '/admin/audit', filter, head: ['when', 'what', 'how'], cells: cellsOf };
  return showList<DeedDto>(client, { ...list, none: 'Nothing of this kind was done.' }, options);
}

const cellsOf = ({ at, action, target_kind, target, slug, actor, actor_name, details }: DeedDto) => [
  minute(at),
  `${action} ${slug ?? target ?? target_kind}\nby ${[actor, actor_name].filter(Boolean).join(' ') || 'nobody known'}`,
  JSON.stringify(details),
];
