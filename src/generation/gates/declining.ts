import { sentencesOf } from './sentences.js';
import { folded } from './words.js';

/** What says of one sentence, in one language, that its writer declines: all of these together, and no exception. */
interface Signs {
  /** The one who writes. */
  me: RegExp;
  /** No, or what is missing. */
  not: RegExp;
  /** Knowing, finding, telling. */
  know: RegExp;
  /** What was asked for. */
  asked: RegExp;
  /** "I cannot describe this film without a smile" is praise. */
  unless: RegExp;
}

const signs = ({ me, not, know, asked, unless }: Record<keyof Signs, string>): Signs => ({
  me: word(me),
  not: word(not),
  // A beginning: "describ" stands for "describe" and "describing".
  know: new RegExp(`(?<![a-z])(?:${know})`),
  asked: word(asked),
  unless: word(unless),
});
const word = (forms: string) => new RegExp(`(?<![a-z])(?:${forms})(?![a-z])`);

const LANGUAGES: Signs[] = [
  {
    me: "i|i'm|i'd|i'll|i've|me|my",
    not: "not|cannot|\\w+n't|no|unable|lack|rather|need (?:more|further)|nothing|decline|refuse",
    know:
      'know|familiar|recogni|aware|record|informat|detail|data|verif|confirm|access|descri|writ|provid|speculat|' +
      'mention|find|locat|shar|invent|summari|discuss|assist|request',
    asked:
      '(?:this|that|such an?|your) (?:\\w+ )?(?:film|movie|title|person|actor|actress|director|text|description|' +
      'biography|summary|request)|(?:write|describe|do) this',
    unless: 'without (?!further|more|additional)\\w+|enough|before|again',
  },
  {
    me:
      'ja|mi|mnie|mam|znam|moge|potrafie|umiem|jestem|posiadam|dysponuje|wiem|odmawiam|potrzebuje|kojarze|musze|' +
      'znalazl[ae]m|zdolal[ae]m',
    not: 'nie|brak|brakuje|odmawiam|odmowic|wiecej (?:informacji|danych|szczegolow)|zadnych|zadnej',
    know:
      'inform|dan(?:e|ych|ymi)|wied|wiem|zna|kojarz|opis|opracow|napis|potwierdz|zweryfik|dostep|zrodl|' +
      'stresz|odmow',
    asked:
      '(?:tego|tej|tym|ten|ta|te) (?:\\w+ )?(?:film|osob|tytul|aktor|rezyser|prosb|opis|tekst|zyciorys|zadani)\\w*',
    unless: 'bez|dosc|wczesniej|przed',
  },
  {
    me: 'ich|mir|mich|mein|meine|meiner|meinem',
    not: 'nicht|kein\\w*|nichts|unbekannt|fehl\\w+|mehr (?:informationen|angaben|daten|einzelheiten)|ablehnen',
    know:
      'informat|angabe|daten|kenntnis|kenne|bekannt|unbekannt|beschreib|schreib|verfass|spekul|auskunft|find|' +
      'gefunden|' +
      'bestatig|verfug|ablehn|bearbeit|beantwort|entsprech|sagen|weiss',
    asked:
      '(?:diese[nmrs]?|solche[nmr]?) (?:film|titel|person|schauspieler\\w*|regisseur\\w*|text|beschreibung|' +
      'anfrage|bitte|' +
      'wunsch)',
    unless: 'ohne (?!weiter|mehr|genau|naher)\\w+|genug|zuvor|vorher',
  },
  {
    me: "je|me|moi|mon|ma|mes|[jm]'\\w*",
    not: "ne|pas|rien|aucune?|inconnue?|manque|plus d'\\w*|refuser|decliner|n'\\w*",
    know:
      "inform|connai|connu|inconnu|donnee|decri|l'ecri|d'ecri|ecri|redig|fourni|trouv|confirm|verifi|familier|" +
      'element|' +
      "trace|acces|presenter|resumer|traiter|repondre|refuser|declin|d'inform|d'element|l'exist|dit rien",
    asked: '(?:ce|cet|cette|votre) (?:film|titre|personne|act\\w+|realisat\\w+|texte|description|demande|biographie)',
    unless: 'sans|assez|avant',
  },
  {
    me:
      'me|mi|yo|puedo|tengo|conozco|dispongo|no (?:encuentro|cuento)|encontre|he|estoy|necesito|necesitaria|' +
      'poseo|temo|debo|prefiero|voy|carezco',
    not: 'no|falta|carezco|ningun\\w*|desconocid\\w+|mas (?:informacion|datos|detalles)|rechazar|declinar',
    // "Encuentro" without a "no" is a meeting, and "encontró" is what a film did.
    know:
      'inform|dato|conozc|conocid|desconocid|constancia|descri|escri|redact|proporcion|encontr(?:ad|ar|e\\b)|' +
      'no encuentro|encuentra|confirm|' +
      'verific|familiariz|acceso|exist|resumir|rechaz|declin|atender|responder|oido',
    asked:
      '(?:esta|este|dicha|su|tu) (?:pelicula|filme?|persona|titulo|act\\w+|director\\w*|texto|descripcion|' +
      'solicitud|' +
      'peticion|biografia)',
    unless: 'sin|bastante|antes',
  },
].map(signs);

/** Within a sentence, "My Summer of Love", "Ma vie en rose" and a German "Ich" are no words of the writer's. */
const NAME_WITHIN = /(?<=[\p{L}\p{N},] )\p{Lu}\p{Ll}+/gu;

/** Whether a sentence of a text says that its writer cannot or does not want to write it. */
export const declines = (text: string): boolean => sentencesOf(text).some(isDeclining);

function isDeclining(sentence: string): boolean {
  const plain = folded(sentence);
  const own = folded(sentence.replace(NAME_WITHIN, ' '));
  return LANGUAGES.some(
    ({ me, not, know, asked, unless }) =>
      asked.test(plain) && not.test(plain) && me.test(own) && know.test(plain) && !unless.test(plain),
  );
}
