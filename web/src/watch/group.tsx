import type { ComponentChildren } from 'preact';
import { Badge } from '../parts/small.tsx';
import { words } from '../words/words.ts';
import type { Line } from './durability-lines.ts';

interface GroupProps {
  title: string;
  lines: readonly Line[];
  children?: ComponentChildren;
}

/** Lines that belong together, each in a colour and in words. */
export function Group({ title, lines, children }: GroupProps) {
  const { tints } = words.value.durability;
  return (
    <section class="card stack">
      <h2>{title}</h2>
      <ul class="lines">
        {lines.map(({ state, name, says, todo, reason }) => (
          <li key={name + says}>
            <Badge tint={state}>{tints[state]}</Badge>
            <p>
              <strong>{name}</strong> {says} {todo !== undefined && <em>{todo}</em>}
              {reason && (
                <small class="hint" lang="en">
                  {reason}
                </small>
              )}
            </p>
          </li>
        ))}
      </ul>
      {children}
    </section>
  );
}
