import { useState } from 'preact/hooks';
import { go } from '../data/place.ts';
import { may } from '../data/who.ts';
import { Button } from '../parts/button.tsx';
import { Problem } from '../parts/problem.tsx';
import type { Kind, Ref, Variant } from './subject.ts';

interface AskForProps {
  kind: Kind;
  of: Ref;
  variant?: Variant;
  label: string;
  /** What a screen reader says, where the label alone does not tell what is asked for. */
  name?: string;
  look?: 'main' | 'plain' | 'quiet';
}

/** Asks for a text, and goes where it is written. It is there for those who may. */
export function AskFor({ kind, of, variant, label, name, look = 'plain' }: AskForProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  if (!may('generate')) return null;
  const ask = () => {
    setBusy(true);
    setError(null);
    kind.ask(of, variant).then(
      ({ job_id }) => go(['jobs', job_id]),
      (refused: unknown) => (setError(refused), setBusy(false)),
    );
  };
  return (
    <>
      <Button look={look} busy={busy} onClick={ask} aria-label={name}>
        {label}
      </Button>
      {error !== null && <Problem error={error} />}
    </>
  );
}
