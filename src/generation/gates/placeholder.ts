import type { Gate } from './gate.js';
import { folded, withoutNames } from './words.js';

/** What begins a bracket that somebody was to fill in. "[REC]", "[sic]" and "[…]" are none. */
const BLANKS =
  'insert|your|name|title|film|movie|director|actor|year|date|place|character|plot|tb[adc]|todo|wstaw|tytul|imie|' +
  'nazw|rezyser|rok|aktor|titel|regisseur|jahr|hier|einfugen|schauspieler|inserer|titre|nom|realisateur|annee|acteur|' +
  'insertar|titulo|nombre|ano|actriz|completar|personaje';
const FOLDED = [
  /\blorem ipsum\b|\bdolor sit amet\b/,
  new RegExp(`\\[ ?(?:${BLANKS})[^\\]\\n]*\\]`),
  /[([] ?(?:insert|wstaw|einfugen|inserer|insertar)\b|[[(][^\])]{1,30} (?:einfugen|einsetzen|eintragen) ?[\])]/,
  /\{\{[^{}]*\}\}|\$\{[^{}]*\}|\{[a-z_ ]+\}|<[a-z_ ]+>|%[a-z_]+%/,
  /_{4,}/,
  /\b(?:text|description|biography|synopsis) (?:goes here|coming soon|to be (?:added|written|filled in))\b/,
  /\b(?:opis|tekst|biografia) (?:do uzupelnienia|w przygotowaniu|wkrotce)\b/,
  /\b(?:beschreibung|text|biografie) (?:folgt|wird (?:noch )?(?:erganzt|nachgereicht))\b/,
  /\b(?:description|texte|biographie) a (?:venir|completer)\b/,
  /\b(?:descripcion|texto|biografia) (?:por completar|pendiente|proximamente)\b/,
];
/** In capitals only: in small letters some are words of a language. */
const CAPITALS = /\b(?:TBD|TBA|TBC|FIXME|XXXX+)\b|\bTODO:|\bN\/A\b/;

/** What somebody was to fill in, and nobody has. */
export const placeholder: Gate = (text, context) => {
  const plain = withoutNames(text, context);
  const small = folded(plain);
  return CAPITALS.test(plain) || FOLDED.some((blank) => blank.test(small))
    ? 'It has placeholders in it: write what is known, and leave out what is not known without saying so.'
    : null;
};
