import { peopleIn } from './crew.js';

describe('an entry of a crew', () => {
  it.each<[entry: string, people: string[]]>([
    ['Lana Wachowski', ['Lana Wachowski']],
    ['Joel and Ethan Coen', ['Joel Coen', 'Ethan Coen']],
    ['Lana & Lilly Wachowski', ['Lana Wachowski', 'Lilly Wachowski']],
    ['Daniel Kwan and Daniel Scheinert', ['Daniel Kwan', 'Daniel Scheinert']],
    ['Jean-Pierre et Luc Dardenne', ['Jean-Pierre Dardenne', 'Luc Dardenne']],
    ['Joel Coen, Ethan Coen', ['Joel Coen', 'Ethan Coen']],
    ['Al Pacino (uncredited)', ['Al Pacino']],
    ['Anna Karina (as Anna K.)', ['Anna Karina']],
    ['Robert Downey, Jr.', ['Robert Downey, Jr.']],
    ['Ozu, Yasujirō', ['Ozu, Yasujirō']],
    ['Anderson Andrews', ['Anderson Andrews']],
    ['The Rock', ['The Rock']],
  ])('names these: %s', (entry, people) => expect(peopleIn(entry)).toEqual(people));

  it.each([
    'The Wachowskis',
    'The Coen Brothers',
    'Penn & Teller',
    'Mumford and Sons',
    'Unknown',
    'Unknown Actor',
    'N/A',
    'Nieznany aktor',
    'Unbekannter Darsteller',
    'Acteur inconnu',
    'Actor desconocido',
    'TBD',
    'Uncredited',
    '—',
  ])('names nobody: %s', (entry) => expect(peopleIn(entry)).toEqual([]));
});
