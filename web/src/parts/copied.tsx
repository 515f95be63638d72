import { useState } from 'preact/hooks';
import { words } from '../words/words.ts';
import { Button } from './button.tsx';

/** A line of code with a button that copies it. */
export function Copied({ code }: { code: string }) {
  const [copied, setCopied] = useState(false);
  const { frame: w } = words.value;
  const copy = () =>
    navigator.clipboard?.writeText(code).then(
      () => setCopied(true),
      () => undefined,
    );
  return (
    <div class="code">
      {/* Long lines scroll sideways, so the keyboard has to reach them. */}
      <pre tabIndex={0}>
        <code>{code}</code>
      </pre>
      <Button look="quiet" onClick={() => void copy()} onBlur={() => setCopied(false)}>
        <span aria-live="polite">{copied ? w.copied : w.copy}</span>
      </Button>
    </div>
  );
}
