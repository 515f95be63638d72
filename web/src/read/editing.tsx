import { useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { words } from '../words/words.ts';
import { FactsForm } from './facts-form.tsx';
import { edited } from './moment.ts';
import { OwnText } from './own-text.tsx';
import { Remove } from './remove.tsx';
import type { Kind, Subject, Variant } from './subject.ts';

interface EditingProps {
  kind: Kind;
  subject: Subject;
  wanted: Variant;
}

type Open = 'facts' | 'text' | 'new' | 'hide' | 'delete';

/** All that somebody with the scope can do with a film or a person. */
export function Editing({ kind, subject, wanted }: EditingProps) {
  const { read: w } = words.value;
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const { hidden, text } = subject;
  const toggle = async () => {
    await kind.correct(subject.id, { hidden: !hidden });
    edited();
  };
  return (
    <div class="row editing" role="group" aria-label={w.edit}>
      <Button onClick={() => setOpen('facts')}>{w.editFacts}</Button>
      {text && <Button onClick={() => setOpen('text')}>{w.editText}</Button>}
      <Button onClick={() => setOpen('new')}>{w.writeText}</Button>
      <Button onClick={() => setOpen('hide')}>{hidden ? w.show : w.hide}</Button>
      <Button look="danger" onClick={() => setOpen('delete')}>
        {w.delete}
      </Button>
      {open === 'facts' && <FactsForm kind={kind} subject={subject} onClose={close} />}
      {open === 'text' && text && <OwnText kind={kind} subject={subject} variant={text} from={text} onClose={close} />}
      {open === 'new' && <OwnText kind={kind} subject={subject} variant={wanted} onClose={close} />}
      {open === 'hide' && (
        <Confirm
          title={hidden ? w.showTitle : w.hideTitle}
          verb={hidden ? w.show : w.hide}
          onConfirm={toggle}
          onClose={close}
        >
          <p>{hidden ? w.showWhy : `${w[kind.part].hiddenWhy} ${w.hideWhy}`}</p>
        </Confirm>
      )}
      {open === 'delete' && <Remove kind={kind} subject={subject} onClose={close} />}
    </div>
  );
}
