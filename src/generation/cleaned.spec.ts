import { cleanedLocal, cleanedOther } from './cleaned.js';

describe('a title in the language of a text', () => {
  it.each([
    'No official Polish title',
    'No known German title.',
    'There is no official French title',
    'None known',
    '(same as original)',
    'Same as the original title',
    'Brak polskiego tytułu',
    'brak',
    'Nie dotyczy',
    'jak w oryginale',
    'keine',
    'Kein deutscher Titel bekannt',
    'Aucun titre officiel',
    'No hay título oficial en español',
    'Nessun titolo ufficiale',
    'Geen Nederlandse titel',
    'N/A',
    '—',
    'visit www.spam.example/x',
    'https://spam.example',
    'me@spam.example',
    'I am sorry, but I cannot translate this title.',
  ])('is none where this stands: %s', (title) => expect(cleanedLocal(title)).toBe(''));

  it.each([
    'Skazani na Shawshank',
    'Nobody',
    '?',
    'No',
    'No Country for Old Men',
    'No Name',
    'Keinohrhasen',
    'Bracia',
    'Brakujące ogniwo',
    'Même pas mal',
    'Same Old Song',
    'Desconhecido',
    'Sin título',
    'Jak wytresować smoka',
    'Identity',
    'I Am Not Madame Bovary',
    "I'm Not There",
    'I Don’t Know How She Does It',
    'Not Applicable to Me',
    'Nic śmiesznego',
    'Vous n’avez encore rien vu',
    'Ich bin dann mal weg',
    'M.A.S.H.',
    'FeardotCom',
    '(500) Days of Summer',
    '[REC]',
  ])('is one where this stands: %s', (title) => {
    expect(cleanedLocal(title)).toBe(title);
    expect(cleanedOther(title)).toBe(title);
  });
});
