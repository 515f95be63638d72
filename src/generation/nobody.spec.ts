import { isNobody, isNobodyBeside, isPlaceholder } from './nobody.js';

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
    'TBC',
    'Not credited',
    'None known',
    'Multiple actors',
    '[Actor name]',
    'sconosciuto',
    'Desconhecido',
    'Невідомий',
    'Άγνωστος',
    '不明',
    '미상',
    'Bracia Coen',
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
    'Anna Neznamova',
    'Tom Multiple',
    'Unbekannt Müller',
    '吴不明',
  ])('is somebody’s: %s', (name) => expect(isNobody(name)).toBe(false));

  it('may be a character’s where it is nobody’s', () => {
    expect(['The Wachowskis', 'Multiple Man', 'Unknown', '[Name]'].map(isPlaceholder)).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  it.each<[string, boolean]>([
    ['The Wachowskis', true],
    ['the wachowskis', true],
    ['Wachowski Brothers', true],
    ['None known', true],
    ['brak', true],
    ['N/A', true],
    ['The Boss', false],
    ['The Rock', false],
    ['Laurence Wachowski', false],
  ])('is, beside that of Lana Wachowski, no further name of hers: %s (%s)', (name, is) =>
    expect(isNobodyBeside(name, 'Lana Wachowski')).toBe(is),
  );
});
