import type { Words } from '../words.ts';

export const plot: Words['plot'] = {
  asTable: 'En tableau',
  time: 'Moment',
};
