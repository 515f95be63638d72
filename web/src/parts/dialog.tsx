import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { words } from '../words/words.ts';
import { Button } from './button.tsx';
import { Problem } from './problem.tsx';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}

/** A modal dialog. The browser keeps the focus within, closes it on Escape and gives the focus back. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const opener = document.activeElement;
    dialog.current?.showModal();
    return () => opener instanceof HTMLElement && opener.focus();
  }, []);
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={id} onClose={onClose}>
      <header>
        <h2 id={id}>{title}</h2>
        <Button look="quiet" onClick={() => dialog.current?.close()} aria-label={words.value.frame.close}>
          ✕
        </Button>
      </header>
      {children}
    </dialog>
  );
}

interface ConfirmProps {
  title: string;
  /** What will be gone or changed. */
  children: ComponentChildren;
  /** The verb of the button. */
  verb: string;
  danger?: boolean;
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
}

/** Asks before something that cannot be undone easily. It stays open with the reason when the server refuses. */
export function Confirm({ title, children, verb, danger = false, onConfirm, onClose }: ConfirmProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const confirm = () => {
    setBusy(true);
    onConfirm().then(onClose, (refused: unknown) => (setError(refused), setBusy(false)));
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <div class="stack">
        {children}
        {error !== null && <Problem error={error} />}
        <div class="row end">
          <Button look="quiet" onClick={onClose}>
            {words.value.frame.cancel}
          </Button>
          <Button look={danger ? 'danger' : 'main'} busy={busy} onClick={confirm}>
            {verb}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
