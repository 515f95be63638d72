import { useMemo, useState } from 'preact/hooks';
import type { TextVersion } from '../data/api.ts';
import { SelectField } from '../parts/field.tsx';
import { dateTime } from '../words/numbers.ts';
import { words } from '../words/words.ts';
import { changes, type Piece } from './diff.ts';

interface ChangesProps {
  /** The newest first. */
  versions: TextVersion[];
  /** Of the one that was chosen. */
  place: number;
}

/** What a version has that another one has not. Beforehand the other one is that before it. */
export function Changes({ versions, place }: ChangesProps) {
  const { read: w } = words.value;
  const [from, setFrom] = useState(versions[place + 1]?.id ?? versions.find((_, other) => other !== place)?.id);
  const to = versions[place]!;
  const base = versions.find(({ id }) => id === from);
  const pieces = useMemo(() => (base ? changes(base.text, to.text, to.locale) : []), [base?.id, to.id]);
  if (!base) return <p class="hint">{w.noEarlier}</p>;
  const options = versions
    .filter(({ id }) => id !== to.id)
    .map(({ id, version, created_at }) => ({ value: id, label: `${w.version(version)}, ${dateTime(created_at)}` }));
  return (
    <div class="stack">
      <h3>{w.changesOf(to.version, base.version)}</h3>
      <SelectField label={w.compareTo} value={base.id} onValue={setFrom} options={options} />
      {pieces.every(({ change }) => change === 'same') && <p class="hint">{w.same}</p>}
      <p class="prose diff" lang={to.locale} dir="auto">
        {pieces.map((piece, at) => (
          <Shown key={at} piece={piece} />
        ))}
      </p>
    </div>
  );
}

/** Colour, line and hidden words: each says by itself what was added and removed. */
function Shown({ piece: { text, change } }: { piece: Piece }) {
  const { read: w } = words.value;
  if (change === 'same') return <>{text}</>;
  const Change = change === 'added' ? 'ins' : 'del';
  return (
    <Change>
      <span class="hidden-text"> {change === 'added' ? w.addedText : w.removedText} </span>
      {text}
      <span class="hidden-text"> {w.endOf} </span>
    </Change>
  );
}
