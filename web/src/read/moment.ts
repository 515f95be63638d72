import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** Counts what the visitor changes: what is read depends on it. */
export const edits = signal(0);
export const edited = () => void edits.value++;

/** Said once, in the next list. */
export const farewell = signal('');

/** Whether the next list takes the focus into its search. */
export const seeks = signal(false);

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Does something on the key `/`, unless the visitor is typing it or a dialog is open. */
export function useSlash(work: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target) || document.querySelector('dialog[open]')) return;
      event.preventDefault();
      work();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
}
