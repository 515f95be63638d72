import { useState } from 'preact/hooks';
import { MovieMind, BASE, ProblemError } from '../data/api.ts';
import { key, useKey } from '../data/session.ts';
import { asksForKey, known, who } from '../data/who.ts';
import { Button } from '../parts/button.tsx';
import { Copied } from '../parts/copied.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Check, TextField } from '../parts/field.tsx';
import { Problem } from '../parts/problem.tsx';
import { words } from '../words/words.ts';

const HOW = 'npx moviemind keys create --name my-page --scope generate --scope edit';

/** Takes a key once the server has said that it knows it. */
export function KeyDialog() {
  const { frame: w } = words.value;
  const [typed, setTyped] = useState('');
  const [stays, setStays] = useState(true);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const close = () => (asksForKey.value = false);
  const use = async () => {
    setBusy(true);
    setError(null);
    try {
      who.value = await known(
        new MovieMind({ baseUrl: BASE, apiKey: typed.trim(), retries: 1 }),
        AbortSignal.timeout(15_000),
      );
      useKey(typed.trim(), stays);
      close();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  const unknown = error instanceof ProblemError && error.status === 401;
  return (
    <Dialog title={w.keyTitle} onClose={close}>
      <form class="stack" onSubmit={(event) => (event.preventDefault(), void use())}>
        <TextField
          type="password"
          label={w.keyField}
          value={typed}
          onValue={setTyped}
          error={unknown ? w.keyWrong : undefined}
          autocomplete="off"
          spellcheck={false}
          required
          autofocus
        />
        <Check label={w.keyStays} checked={stays} onValue={setStays} />
        <p class="hint">{w.keyWhy}</p>
        {error !== null && !unknown && <Problem error={error} />}
        <div class="row end">
          {key.value !== '' && (
            <Button look="quiet" onClick={() => (useKey('', false), close())}>
              {w.forgetKey}
            </Button>
          )}
          <Button look="main" type="submit" busy={busy}>
            {w.useKey}
          </Button>
        </div>
        <details>
          <summary>{w.keyHow}</summary>
          <Copied code={HOW} />
        </details>
      </form>
    </Dialog>
  );
}
