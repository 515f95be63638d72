import type { Words } from '../words.ts';

export const plot: Words['plot'] = {
  asTable: 'Como tabla',
  time: 'Momento',
};
