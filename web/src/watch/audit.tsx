import { useState } from 'preact/hooks';
import { api, type AuditEntry, by, listAuditLog, type ListAuditLogData } from '../data/api.ts';
import { link } from '../data/place.ts';
import { SelectField } from '../parts/field.tsx';
import { Badge, When } from '../parts/small.tsx';
import { words } from '../words/words.ts';
import { Blocks } from './blocks.tsx';
import { Changes } from './changes.tsx';
import { optionsOf } from './options.ts';
import { Paged } from './paged.tsx';
import { usePages } from './pages.ts';

type Query = NonNullable<ListAuditLogData['query']>;

/** Who changed what of films and people, and what is never made again. */
export function Audit() {
  const { watch: w, lists } = words.value;
  const { audit: a } = lists;
  const [action, setAction] = useState('');
  const [entity, setEntity] = useState('');
  const [since, setSince] = useState('');
  const pages = usePages(
    async (cursor, signal) => {
      const query = { action: action || undefined, entity: entity || undefined, since: since || undefined, cursor };
      return (await listAuditLog({ ...by(api()), query: query as Query, signal })).data;
    },
    [action, entity, since],
  );
  return (
    <>
      <div class="filters">
        <SelectField label={a.action} value={action} onValue={setAction} options={optionsOf(w.all, a.actions)} />
        <SelectField label={w.kind} value={entity} onValue={setEntity} options={optionsOf(w.all, w.kinds)} />
        <SelectField label={w.since} value={since} onValue={setSince} options={optionsOf(w.all, w.ages)} />
      </div>
      <Paged of={pages} none={a.none}>
        {(rows) => (
          <ul class="rows">
            {rows.map((entry) => (
              <Entry key={entry.id} entry={entry} />
            ))}
          </ul>
        )}
      </Paged>
      <Blocks />
    </>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const { watch: w, lists } = words.value;
  const { audit: a } = lists;
  const { action, entity, slug, at, api_key_id, request_id, details } = entry;
  return (
    <li class="card">
      <div class="what">
        <h2>
          <Badge>{a.actions[action]}</Badge> <a href={link([entity === 'MOVIE' ? 'films' : 'people', slug])}>{slug}</a>
        </h2>
        <p class="hint">
          {w.kinds[entity]} · <When at={at} /> · {api_key_id === null ? a.byAdmin : a.by(api_key_id)} · {a.request}{' '}
          <code>{request_id}</code>
        </p>
        {Object.keys(details).length > 0 && (
          <details>
            <summary>{a.details}</summary>
            <Changes details={details} />
          </details>
        )}
      </div>
    </li>
  );
}
