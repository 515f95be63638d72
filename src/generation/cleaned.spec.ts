import { cleanedLocal, cleanedOther, cleanedText } from './cleaned.js';

describe('a text as it is kept', () => {
  it.each([
    [['<<< Rewind'], 'In <<< Rewind a tape runs back.'],
    [['<<rewind'], 'In <<rewind a tape runs back.'],
    [['&lt;script&gt;'], 'In &lt;script&gt; somebody writes.'],
    [['</Scorpion>'], 'In </Scorpion> somebody logs off.'],
    [['AT&T'], 'The fall of AT&T.'],
    [['I <3 You'], 'I <3 You is a comedy.'],
  ])('has the names of %j', (names, text) => expect(cleanedText(text, names)).toBe(text));

  it.each([
    [['<'], 'One <script>alert(1)</script> two.'],
    [['<', '>'], 'One <svg/onload=alert(1)> two.'],
    [['a>'], 'One <img src=x onerror=alert(1) class=a> two.'],
    [['<script>alert(1)</script>'], 'One <script>alert(1)</script> two.'],
    [['x <'], 'One x <script>alert(1)</script> two.'],
  ])('has no markup, whatever it is about: %j', (names, text) => {
    const kept = cleanedText(text, names);
    expect(kept).not.toMatch(/<[a-z!?/]|&[a-z]+;|alert/i);
    expect(kept).toMatch(/^One .*two\.$/);
  });

  it('ends where a tag begins that does not close', () => {
    expect(cleanedText('One <img src=x onerror=alert(1) two.', ['<'])).toBe('One');
  });
});

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
