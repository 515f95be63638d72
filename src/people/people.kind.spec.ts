import { PEOPLE } from './people.kind.js';
import { samplePerson } from './person.sample.js';

const DATA = { name: 'Lana Wachowski', slug: 'lana-wachowski', locale: 'en-US', context_tag: 'DEFAULT' };
const read = (more: object) => PEOPLE.read({ ...samplePerson(DATA), ...more } as never);

describe('what is told of somebody', () => {
  it('has no further names that are those of nobody', () => {
    const other_names = [
      'The Wachowskis',
      'Wachowski Brothers',
      'None known',
      'brak',
      'Laurence Wachowski',
      'The Boss',
    ];
    expect(read({ other_names }).others).toEqual(['Laurence Wachowski', 'The Boss']);
  });

  it('names no films that are none: "Unknown" is one of 2011', () => {
    const film = (title: string, release_year: number | null) => ({
      title,
      release_year,
      role: 'DIRECTOR',
      character_name: null,
    });
    const known_for = [film('N/A', null), film('TBD', null), film('Unknown', null), film('Unknown', 2011)];
    const { credits } = read({ known_for: [...known_for, film('Nobody', null)] });
    expect(credits.map(({ text, year }) => [text, year])).toEqual([
      ['Unknown', 2011],
      ['Nobody', null],
    ]);
  });

  it('is told of nobody where the name stands for none', () => {
    expect(['N/A', 'Unknown', 'Cher'].map((name) => read({ name }).text)).toEqual(['', '', 'Cher']);
  });
});
