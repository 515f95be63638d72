import { useId, useState } from 'preact/hooks';
import { words } from '../words/words.ts';
import { textOf } from './rows.ts';

/** A longer file has more rows than anybody asks for by a page. Bytes. */
const LONGEST = 2_000_000;

/** A file, chosen or dropped. It is read by the page and goes nowhere as it is. */
export function Dropping({ onText }: { onText: (text: string) => void }) {
  const { ask: w } = words.value;
  const id = useId();
  const [over, setOver] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const take = async (file: File | undefined) => {
    if (!file) return;
    setFault(null);
    if (file.size > LONGEST) return setFault(w.fileLong);
    try {
      onText(textOf(await file.arrayBuffer()));
    } catch {
      setFault(w.fileBroken);
    }
  };
  return (
    <div
      class={over ? 'dropping over' : 'dropping'}
      onDragOver={(event) => (event.preventDefault(), setOver(true))}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void take(event.dataTransfer?.files[0]);
      }}
    >
      <label for={id}>{w.file}</label>
      <input
        id={id}
        type="file"
        accept=".csv,.tsv,.txt,text/csv,text/plain"
        aria-describedby={`${id}-hint`}
        onChange={(event) => {
          const { currentTarget: input } = event;
          // The same file can be chosen again once it has changed.
          void take(input.files?.[0]).finally(() => (input.value = ''));
        }}
      />
      <small id={`${id}-hint`} class="hint">
        {w.fileHint}
      </small>
      {fault && (
        <p class="error" role="alert">
          {fault}
        </p>
      )}
    </div>
  );
}
