import type { Words } from '../words.ts';

export const plot: Words['plot'] = {
  asTable: 'Jako tabela',
  time: 'Czas',
};
