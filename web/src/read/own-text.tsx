import { useState } from 'preact/hooks';
import type { Text } from '../data/api.ts';
import { go } from '../data/place.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { SelectField, TextArea } from '../parts/field.tsx';
import { errorOf, Problem } from '../parts/problem.tsx';
import { languageName } from '../words/numbers.ts';
import { words } from '../words/words.ts';
import { edited } from './moment.ts';
import { type Kind, sameVariant, type Subject, type Variant } from './subject.ts';
import { toneName, useLocales, useTones, variantName, textQuery } from './tongue.ts';

/** Source: OwnText of the API. */
const LONGEST = 5000;

interface OwnTextProps {
  kind: Kind;
  subject: Subject;
  variant: Variant;
  /** A text to begin with, whose language and tone stay. */
  from?: Text;
  onClose: () => void;
}

/** A text of one's own. The server refuses it when somebody has changed what was seen here. */
export function OwnText({ kind, subject, variant, from, onClose }: OwnTextProps) {
  const { read: w, frame } = words.value;
  const [text, setText] = useState(from?.text ?? '');
  const [chosen, setChosen] = useState<Variant>({ locale: variant.locale, context_tag: variant.context_tag });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const before = subject.variants.find((one) => sameVariant(one, chosen))?.version ?? 0;
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      await kind.write(subject.id, { ...chosen, text, if_version: before });
      edited();
      onClose();
      go([kind.part, subject.slug], textQuery(chosen), { instead: true });
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  const wrong = errorOf(error, 'text');
  return (
    <Dialog title={from ? `${w.editText}: ${variantName(from)}` : w.writeText} onClose={onClose}>
      <form class="stack" onSubmit={(event) => (event.preventDefault(), void save())}>
        {!from && <Which chosen={chosen} onChoice={setChosen} error={error} />}
        <TextArea
          label={w.ownText}
          hint={w.ownTextWhy}
          value={text}
          onValue={setText}
          rows={12}
          maxLength={LONGEST}
          lang={chosen.locale}
          error={wrong}
          autofocus
        />
        {error !== null && !wrong && <Problem error={error} />}
        <div class="row end">
          <Button look="quiet" onClick={onClose}>
            {frame.cancel}
          </Button>
          <Button look="main" type="submit" busy={busy} disabled={text === from?.text}>
            {w.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface WhichProps {
  chosen: Variant;
  onChoice: (variant: Variant) => void;
  error: unknown;
}

function Which({ chosen, onChoice, error }: WhichProps) {
  const { read: w } = words.value;
  const locales = useLocales().value?.map(({ locale }) => locale) ?? [chosen.locale];
  const tones = useTones().value?.map(({ context_tag }) => context_tag) ?? [chosen.context_tag];
  return (
    <div class="chooser">
      <SelectField
        label={w.languageHead}
        value={chosen.locale}
        onValue={(locale) => onChoice({ ...chosen, locale })}
        options={locales.map((value) => ({ value, label: languageName(value) }))}
        error={errorOf(error, 'locale')}
      />
      <SelectField
        label={w.tone}
        value={chosen.context_tag}
        onValue={(context_tag) => onChoice({ ...chosen, context_tag })}
        options={tones.map((value) => ({ value, label: toneName(value) }))}
        error={errorOf(error, 'context_tag')}
      />
    </div>
  );
}
