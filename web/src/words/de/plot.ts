import type { Words } from '../words.ts';

export const plot: Words['plot'] = {
  asTable: 'Als Tabelle',
  time: 'Zeit',
};
