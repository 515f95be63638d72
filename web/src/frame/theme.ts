import { effect } from '@preact/signals';
import { preference } from '../data/session.ts';

export const THEMES = ['system', 'light', 'dark'] as const;

export const theme = preference('theme', 'system');

/** The styles look at the attribute; without it, at the system. */
export function keepTheme(): void {
  effect(() => {
    const { dataset } = document.documentElement;
    if (theme.value === 'light' || theme.value === 'dark') dataset.theme = theme.value;
    else delete dataset.theme;
  });
}
