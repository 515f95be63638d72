import type { ButtonHTMLAttributes } from 'preact';

type ButtonProps = Omit<ButtonHTMLAttributes, 'class'> & {
  class?: string;
  look?: 'main' | 'plain' | 'quiet' | 'danger';
  /** Something is under way: the button cannot be pressed again meanwhile. */
  busy?: boolean;
};

export function Button({
  look = 'plain',
  busy = false,
  disabled,
  type = 'button',
  class: more = '',
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      class={`button ${look} ${more}`}
      disabled={Boolean(disabled) || busy}
      aria-busy={busy || undefined}
    />
  );
}
