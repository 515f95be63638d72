import * as gates from '../src/generation/gates/gates.js';
import * as length from '../src/generation/gates/length.js';
import * as sameness from '../src/generation/gates/sameness.js';
import * as words from '../src/generation/gates/words.js';
import * as verdict from '../src/generation/identity/verdict.js';
import * as questions from '../src/generation/questions.js';
import * as output from '../src/generation/structured-output.js';
import * as movies from '../src/movies/movies.kind.js';
import * as people from '../src/people/people.kind.js';
import { prose } from '../test/support/model/prose.js';
import { tellsEnding } from './endings.js';
import { type Case, judged } from './judging.js';
import type { Program } from './program.js';
import type { Subject } from './subjects.js';

const program = { gates, length, sameness, words, verdict, questions, output, movies, people } as unknown as Program;

const SEVEN: Subject = {
  entity: 'MOVIE',
  text: '七人の侍',
  year: 1954,
  directors: ['Akira Kurosawa'],
  originalTitle: '七人の侍',
  birthDate: null,
  imdb: null,
};
const REEVES: Subject = {
  entity: 'PERSON',
  text: 'Keanu Reeves',
  year: 1964,
  directors: [],
  originalTitle: null,
  birthDate: '1964-09-02',
  imdb: null,
};

const FILM = {
  found: true,
  title: 'Seven Samurai',
  original_title: '七人の侍',
  other_titles: [],
  title_localized: null,
  release_year: 1954,
  directors: ['Akira Kurosawa'],
  genres: ['drama'],
  description: `An original description. ${prose('en-US', 'seven')}`,
  cast: [],
  namesakes: [],
};
const PERSON = {
  found: true,
  name: 'Keanu Reeves',
  other_names: [],
  birth_date: '1964-09-02',
  birth_year: 1964,
  birthplace: null,
  biography: prose('en-US', 'reeves'),
  known_for: [],
  namesakes: [],
};

/** An answer to the first question about somebody, or about a film. */
function answered(subject: Subject, answer: unknown, other: Partial<Case> = {}) {
  const isFilm = subject.entity === 'MOVIE';
  const { schema } = isFilm ? movies.MOVIES.facts : people.PEOPLE.facts;
  const asked = {
    entity: subject.entity,
    locale: 'en-US' as const,
    context_tag: 'DEFAULT',
    text: subject.text,
    slug: 'a-slug',
    base: 'a-slug',
    year: subject.year,
    director: null,
    externalIds: {},
    choose: false,
    refresh: false,
    facts: null,
  };
  const name = isFilm ? ('movie' as const) : ('person' as const);
  const ask = { name, instructions: 'Write.', data: {}, schema, sample: () => ({}), traceparent: null };
  const one: Case = {
    subject,
    asked,
    first: { ask, output: answer },
    met: null,
    known: { names: [], crew: [] },
    earlier: [],
    ...other,
  };
  return judged(program, one);
}

describe('a first answer', () => {
  it('that is right is right in every column', () => {
    expect(answered(SEVEN, FILM).judged).toMatchObject({
      schema: true,
      identity: true,
      year: true,
      director: true,
      original_title: true,
      birth_date: null,
      language: true,
      length: true,
      ending_untold: true,
      hits: [],
      similarity: null,
    });
    expect(answered(REEVES, PERSON).judged).toMatchObject({
      identity: true,
      year: true,
      birth_date: true,
      director: null,
    });
  });

  it('has a year within one, and a director who is one of those', () => {
    const judge = (other: object) => answered(SEVEN, { ...FILM, ...other }).judged;
    expect(judge({ release_year: 1955 }).year).toBe(true);
    expect(judge({ release_year: 1956 }).year).toBe(false);
    expect(judge({ release_year: null }).year).toBe(false);
    expect(judge({ directors: ['Kurosawa Akira'] }).director).toBe(true);
    expect(judge({ directors: ['Ishirō Honda'] }).director).toBe(false);
    expect(judge({ directors: ['Akira Kurosawa', 'Ishirō Honda'] }).director).toBe(false);
    expect(judge({ directors: [] }).director).toBe(false);
    expect(judge({ directors: ['黒澤明'] }).director).toBeNull();
  });

  it('is not judged where nothing is known', () => {
    const unsure = { ...SEVEN, directors: [], originalTitle: null };
    expect(answered(unsure, FILM).judged).toMatchObject({ director: null, original_title: null });
    expect(answered({ ...REEVES, birthDate: null }, PERSON).judged.birth_date).toBeNull();
  });

  it('has the wrong title or date where it has another', () => {
    expect(answered(SEVEN, { ...FILM, original_title: '羅生門' }).judged.original_title).not.toBe(true);
    expect(answered(REEVES, { ...PERSON, birth_date: '1964-09-03' }).judged.birth_date).toBe(false);
    expect(answered(REEVES, { ...PERSON, birth_date: null }).judged.birth_date).toBe(false);
  });

  it('that is no object, or lacks a field, fits no schema, and tells no more', () => {
    expect(answered(SEVEN, 'Seven Samurai is a film.')).toMatchObject({
      judged: { schema: false, year: null },
      text: null,
    });
    expect(answered(SEVEN, { title: 'Seven Samurai' }).judged).toMatchObject({ schema: false, words: null });
  });

  it('that knows no such film has it wrong: each of the examples exists', () => {
    const none = { ...FILM, found: false, title: null, description: null, release_year: null, directors: [] };
    expect(answered(SEVEN, none).judged).toMatchObject({ schema: true, identity: false, year: null, language: null });
    expect(answered(SEVEN, FILM, { met: 'identity' }).judged.identity).toBe(false);
  });

  it('never came: then nothing is judged', () => {
    expect(answered(SEVEN, undefined).judged.schema).toBeNull();
    expect(answered(SEVEN, FILM, { first: undefined }).judged.schema).toBeNull();
  });

  it('came, and nobody can read it: then it fits no schema', () => {
    const ask = {
      name: 'movie' as const,
      instructions: '',
      data: {},
      schema: {},
      sample: () => ({}),
      traceparent: null,
    };
    expect(answered(SEVEN, FILM, { first: { ask, unreadable: true } }).judged.schema).toBe(false);
  });

  it('is held against every gate, not the first alone', () => {
    const text = `As an AI, I like it. ${prose('de-DE', 'samurai')} https://films.example`;
    const { hits, language } = answered(SEVEN, { ...FILM, description: text }).judged;
    expect(hits).toEqual(expect.arrayContaining(['itself', 'language', 'address']));
    expect(language).toBe(false);
  });

  it('has the length that was asked for, and not only one that is let through', () => {
    const short = prose('en-US', 'short').split(' ').slice(0, 60).join(' ');
    const { hits, length: isRight, words: count } = answered(SEVEN, { ...FILM, description: `${short}.` }).judged;
    expect({ isRight, count, isHit: hits.includes('length') }).toEqual({ isRight: false, count: 60, isHit: false });
  });

  it('is like the tone before, or is not', () => {
    const of = (earlier: string[]) => answered(SEVEN, FILM, { earlier }).judged.similarity;
    expect(of([FILM.description])).toBe(1);
    expect(of([prose('en-US', 'another one')])).toBeLessThan(0.2);
  });
});

describe('the signs of a told ending', () => {
  it.each([
    ['en-US', 'In the end the young clerk dies, and nobody knows why.'],
    ['en-US', 'It turns out that the neighbour was there all the time.'],
    ['en-GB', 'The murderer is her own sister.'],
    ['pl-PL', 'Na końcu młody urzędnik ginie.'],
    ['pl-PL', 'Okazuje się, że mordercą jest sąsiad.'],
    ['de-DE', 'Am Ende stirbt der junge Beamte.'],
    ['de-DE', 'Es stellt sich heraus, dass der Nachbar lügt.'],
    ['fr-FR', 'À la fin, le détective meurt.'],
    ['fr-FR', 'Il s’avère que le voisin ment.'],
    ['es-ES', 'Al final el detective muere.'],
    ['es-MX', 'Resulta que el vecino miente.'],
  ])('%s: %s', (locale, text) => {
    expect(tellsEnding(text, locale)).toBe(true);
  });

  it.each([
    ['en-US', 'A young clerk finds a letter, and has to decide whom he trusts in the end.'],
    ['pl-PL', 'Młody urzędnik znajduje list i musi zdecydować, komu zaufa.'],
    ['de-DE', 'Ein junger Beamter findet einen Brief und muss entscheiden, wem er am Ende glaubt.'],
    ['fr-FR', 'Un jeune employé trouve une lettre et doit choisir à qui se fier.'],
    ['es-ES', 'Un joven empleado encuentra una carta y debe decidir en quién confiar.'],
  ])('%s has none: %s', (locale, text) => {
    expect(tellsEnding(text, locale)).toBe(false);
  });

  it('are not known in other languages', () => {
    expect(tellsEnding('最後に死ぬ。', 'ja-JP')).toBeNull();
  });
});
