import type { ComponentChildren } from 'preact';
import { count, dateTime, ago } from '../words/numbers.ts';
import { words } from '../words/words.ts';

/** Colours by what they say. Each also has words, since not everybody sees colours. */
export type Tint = 'good' | 'busy' | 'wait' | 'warn' | 'bad' | 'none';

export function Badge({ tint = 'none', children }: { tint?: Tint; children: ComponentChildren }) {
  return <span class={`badge ${tint}`}>{children}</span>;
}

/** A time as its distance from now, with the exact one on demand. */
export function When({ at }: { at: string }) {
  return (
    <time dateTime={at} title={dateTime(at)}>
      {ago(at)}
    </time>
  );
}

export function Notice({ tint = 'none', children }: { tint?: Tint; children: ComponentChildren }) {
  return (
    <div class={`notice ${tint}`} role="status">
      {children}
    </div>
  );
}

export function Bar({ value, most, label }: { value: number; most: number; label: string }) {
  return (
    <progress class="bar" value={value} max={Math.max(1, most)} aria-label={label}>
      {count(value)}
    </progress>
  );
}

/** Text of a model or a user: always text, never markup. Empty lines begin a new paragraph. */
export function Prose({ text, lang }: { text: string; lang: string }) {
  return (
    <div class="prose" lang={lang}>
      {text.split(/\n{2,}/).map((paragraph, place) => (
        <p key={place} dir="auto">
          {paragraph}
        </p>
      ))}
    </div>
  );
}

interface PagerProps {
  page: number;
  pages: number;
  href: (page: number) => string;
}

export function Pager({ page, pages, href }: PagerProps) {
  const { frame: w } = words.value;
  if (pages <= 1) return null;
  return (
    <nav class="pager" aria-label={w.page(page, pages)}>
      {page > 1 ? <a href={href(page - 1)}>{w.previous}</a> : <span />}
      <span>{w.page(page, pages)}</span>
      {page < pages ? <a href={href(page + 1)}>{w.next}</a> : <span />}
    </nav>
  );
}
