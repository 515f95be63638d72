import { isNobody } from './nobody.js';

describe('whose name it is', () => {
  it.each([
    'Unknown',
    'N/A',
    'n/a',
    'TBD',
    'Various',
    'Various Artists',
    'Uncredited',
    'The Wachowskis',
    'Coen Brothers',
    '?',
    '-',
    'Unknown (uncredited)',
  ])('is nobody’s: %s', (name) => expect(isNobody(name)).toBe(true));

  it.each([
    'Lana Wachowski',
    'The Rock',
    'Marlon Brando',
    'Na Hong-jin',
    'Noone Special',
    'Bill Nye',
    'Thebes',
    'Unknown Pleasures Jr.',
    'Cher',
  ])('is somebody’s: %s', (name) => expect(isNobody(name)).toBe(false));
});
