import { useState } from 'preact/hooks';
import type { TextVersion } from '../data/api.ts';
import { useLoad } from '../data/load.ts';
import { link, place } from '../data/place.ts';
import { may } from '../data/who.ts';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { Loading } from '../parts/loading.tsx';
import { Badge, Pager, When } from '../parts/small.tsx';
import { words } from '../words/words.ts';
import { Author } from './card.tsx';
import { Changes } from './changes.tsx';
import { edited, edits } from './moment.ts';
import type { Kind, Subject, Variant } from './subject.ts';
import { variantName, textQuery } from './tongue.ts';

const A_PAGE = 50;

interface VersionsProps {
  kind: Kind;
  subject: Subject;
  /** The text that is shown. */
  variant: Variant;
}

/** All versions of the text that is shown, and what changed from one to another. */
export function Versions({ kind, subject, variant: { locale, context_tag } }: VersionsProps) {
  const { read: w } = words.value;
  const variant = { locale, context_tag };
  const page = Math.max(1, Number.parseInt(place.value.query.get('versions') ?? '', 10) || 1);
  const query = { ...variant, page, per_page: A_PAGE };
  const inputs = [subject.id, JSON.stringify(query), edits.value];
  const read = useLoad((signal) => kind.versions(subject.id, query, signal), inputs, { keeps: true });
  const href = (other: number) => link([kind.part, subject.slug], textQuery(variant, { versions: String(other) }));
  return (
    <section class="card versions" aria-label={w.versions}>
      <h2>{w.versionsOf(variantName(variant))}</h2>
      <Loading of={read} lines={6}>
        {({ results, total_pages }) => (
          <>
            <Listed key={results.map(({ id }) => id).join()} kind={kind} subject={subject} versions={results} />
            <Pager page={page} pages={total_pages} href={href} />
          </>
        )}
      </Loading>
    </section>
  );
}

interface ListedProps {
  kind: Kind;
  subject: Subject;
  versions: TextVersion[];
}

function Listed({ kind, subject, versions }: ListedProps) {
  const { read: w } = words.value;
  const served = versions.find(({ current }) => current) ?? versions[0];
  const [chosen, setChosen] = useState(served?.id);
  const place = versions.findIndex(({ id }) => id === chosen);
  return (
    <>
      <ol class="past">
        {versions.map((version) => (
          <li key={version.id} class={version.id === chosen ? 'chosen' : undefined}>
            <span class="row">
              <strong>{w.version(version.version)}</strong>
              {version.current && <Badge tint="busy">{w.served}</Badge>}
              <Author text={version} />
              <small class="hint">
                {version.origin === 'GENERATED' && `${version.ai_model ?? '?'} · `}
                <When at={version.created_at} />
              </small>
            </span>
            <span class="row">
              <Button
                look="quiet"
                aria-pressed={version.id === chosen}
                aria-label={`${w.compare}: ${w.version(version.version)}`}
                onClick={() => setChosen(version.id)}
              >
                {w.compare}
              </Button>
              {may('edit') && <Deeds kind={kind} subject={subject} version={version} isLast={versions.length === 1} />}
            </span>
          </li>
        ))}
      </ol>
      {place >= 0 && <Changes key={chosen} versions={versions} place={place} />}
    </>
  );
}

interface DeedsProps {
  kind: Kind;
  subject: Subject;
  version: TextVersion;
  /** Whether there is no other one of this language and tone. */
  isLast: boolean;
}

function Deeds({ kind, subject, version: { id, version, current }, isLast }: DeedsProps) {
  const { read: w } = words.value;
  const [open, setOpen] = useState<'restore' | 'remove' | null>(null);
  const close = () => setOpen(null);
  const restore = async () => {
    await kind.restore(subject.id, id);
    edited();
  };
  const remove = async () => {
    await kind.removeText(subject.id, id);
    edited();
  };
  const isOnly = isLast && subject.variants.length === 1;
  return (
    <>
      {!current && (
        <Button look="quiet" onClick={() => setOpen('restore')} aria-label={`${w.restore}: ${w.version(version)}`}>
          {w.restore}
        </Button>
      )}
      <Button look="quiet" onClick={() => setOpen('remove')} aria-label={`${w.delete}: ${w.version(version)}`}>
        {w.delete}
      </Button>
      {open === 'restore' && (
        <Confirm title={w.restoreTitle(version)} verb={w.restore} onConfirm={restore} onClose={close}>
          <p>{w.restoreWhy}</p>
        </Confirm>
      )}
      {open === 'remove' && (
        <Confirm title={w.deleteVersion(version)} verb={w.delete} danger onConfirm={remove} onClose={close}>
          <p>{w.deleteVersionWhy}</p>
          {current && !isLast && <p>{w.deleteServedWhy}</p>}
          {isOnly && (
            <p>
              <strong>{w[kind.part].lastText}</strong>
            </p>
          )}
        </Confirm>
      )}
    </>
  );
}
