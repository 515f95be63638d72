import type { ComponentType } from 'preact';
import { link, place } from '../data/place.ts';
import { may, who } from '../data/who.ts';
import { hasKey } from '../data/session.ts';
import { Skeleton } from '../parts/loading.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { words } from '../words/words.ts';
import { Audit } from './audit.tsx';
import { Durability } from './durability.tsx';
import { Failed } from './failed.tsx';
import { Locked } from './locked.tsx';
import { Overview } from './overview.tsx';
import { Usage } from './usage.tsx';
import './watch.css';
import { Webhooks } from './webhooks.tsx';

const PARTS = {
  overview: Overview,
  failed: Failed,
  usage: Usage,
  webhooks: Webhooks,
  durability: Durability,
  audit: Audit,
} as const satisfies Record<string, ComponentType>;
type Part = keyof typeof PARTS;

const isPart = (name: string): name is Part => Object.hasOwn(PARTS, name);

/** What operators look at first. Each part has an address of its own. */
export function Watch() {
  const { watch: w, frame } = words.value;
  const wanted = place.value.path[1] ?? 'overview';
  if (!may('admin')) return who.value === undefined && hasKey.value ? <Skeleton lines={8} /> : <Locked />;
  if (!isPart(wanted)) return <h1>{frame.notFoundView}</h1>;
  const View = PARTS[wanted];
  const tabs = (Object.keys(PARTS) as Part[]).map((part) => ({
    href: link(part === 'overview' ? ['watch'] : ['watch', part]),
    label: w.tabs[part],
    current: part === wanted,
  }));
  return (
    <div class="watch stack">
      <h1>{wanted === 'overview' ? frame.watch : w.tabs[wanted]}</h1>
      <Tabs label={frame.watch} tabs={tabs} />
      <View key={wanted} />
    </div>
  );
}
