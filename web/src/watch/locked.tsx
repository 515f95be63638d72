import { asksForKey } from '../data/who.ts';
import { Button } from '../parts/button.tsx';
import { Copied } from '../parts/copied.tsx';
import { words } from '../words/words.ts';

const MAKE = 'npx moviemind keys create --name operator --scope admin';

/** For those who may not look: what this is, and which key opens it. */
export function Locked() {
  const { watch: w, frame } = words.value;
  return (
    <div class="stack locked">
      <h1>{frame.watch}</h1>
      <p>{w.locked.what}</p>
      <div class="card stack">
        <p>
          <strong>{w.locked.needs}</strong>
        </p>
        <div>
          <Button look="main" onClick={() => (asksForKey.value = true)}>
            {frame.giveKey}
          </Button>
        </div>
        <p>{w.locked.own}</p>
        <Copied code={MAKE} />
        <p>{w.locked.token}</p>
      </div>
    </div>
  );
}
