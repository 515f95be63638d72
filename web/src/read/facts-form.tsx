import { useState } from 'preact/hooks';
import { ProblemError } from '../data/api.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { TextArea, TextField } from '../parts/field.tsx';
import { Problem } from '../parts/problem.tsx';
import { words } from '../words/words.ts';
import { errorsOf, type FieldsProps } from './facts-fields.ts';
import { changedFacts, type TypedFacts, typedFacts } from './facts-typed.ts';
import { FilmFacts } from './film-facts.tsx';
import { edited } from './moment.ts';
import type { Kind, Subject } from './subject.ts';

interface FactsFormProps {
  kind: Kind;
  subject: Subject;
  onClose: () => void;
}

export function FactsForm({ kind, subject, onClose }: FactsFormProps) {
  const { read: w, frame } = words.value;
  const [before] = useState(() => typedFacts(subject));
  const [typed, setTyped] = useState(before);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const body = changedFacts(kind, before, typed);
  const isSame = Object.keys(body).length === 0;
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      await kind.correct(subject.id, body);
      edited();
      onClose();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  const fields = { subject, typed, set: (changed: Partial<TypedFacts>) => setTyped({ ...typed, ...changed }), error };
  const isAtFields = error instanceof ProblemError && (error.problem.errors?.length ?? 0) > 0;
  return (
    <Dialog title={w.editFacts} onClose={onClose}>
      <form class="stack" onSubmit={(event) => (event.preventDefault(), void save())}>
        <p class="hint">{w.savedSoon}</p>
        {kind.part === 'films' ? <FilmFacts {...fields} /> : <PersonFacts {...fields} />}
        <Ids {...fields} />
        {error !== null && <Problem error={error} fields={!isAtFields} />}
        <div class="row end sticky">
          {isSame && <small class="hint">{w.nothingChanged}</small>}
          <Button look="quiet" onClick={onClose}>
            {frame.cancel}
          </Button>
          <Button look="main" type="submit" busy={busy} disabled={isSame}>
            {w.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function PersonFacts({ typed, set, error }: FieldsProps) {
  const { read: w } = words.value;
  return (
    <>
      <TextField
        label={w.name}
        value={typed.name}
        onValue={(name) => set({ name })}
        error={errorsOf(error, 'name')}
        maxLength={200}
      />
      <TextArea
        label={w.otherNames}
        value={typed.otherNames}
        onValue={(otherNames) => set({ otherNames })}
        error={errorsOf(error, 'other_names')}
      />
      <div class="chooser">
        <TextField
          label={w.people.year}
          inputMode="numeric"
          value={typed.year}
          onValue={(year) => set({ year })}
          error={errorsOf(error, 'birth_year')}
        />
        <TextField
          label={w.birthDate}
          value={typed.birthDate}
          onValue={(birthDate) => set({ birthDate })}
          error={errorsOf(error, 'birth_date')}
        />
      </div>
      <TextField
        label={w.birthplace}
        value={typed.birthplace}
        onValue={(birthplace) => set({ birthplace })}
        error={errorsOf(error, 'birthplace')}
        maxLength={200}
      />
    </>
  );
}

function Ids({ typed, set, error }: FieldsProps) {
  const { read: w } = words.value;
  return (
    <div class="chooser">
      <TextField
        label={w.imdb}
        value={typed.imdb}
        onValue={(imdb) => set({ imdb })}
        error={errorsOf(error, 'external_ids/imdb')}
        spellcheck={false}
      />
      <TextField
        label={w.tmdb}
        inputMode="numeric"
        value={typed.tmdb}
        onValue={(tmdb) => set({ tmdb })}
        error={errorsOf(error, 'external_ids/tmdb')}
      />
    </div>
  );
}
