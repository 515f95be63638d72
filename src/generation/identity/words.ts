/** Words of titles and names that carry a meaning of their own, in lower-case Latin letters without accents. */

/** Of these alone: "a", "e", "i", "y" of more languages would be joiners in titles of others. */
const JOINING = ['en-US', 'pl-PL', 'de-DE', 'fr-FR', 'es-ES'];
/** How a language joins two, as "and" or as "or". */
const joinersOf = (type: 'conjunction' | 'disjunction') =>
  JOINING.map((tag) => new Intl.ListFormat(tag, { type }).formatToParts(['a', 'b'])[1]!.value.trim());

export const AND = new Set(joinersOf('conjunction'));
/** "Dr Strangelove, czyli jak przestałem się martwić": Polish has a word of its own before a second title. */
export const OR = [...joinersOf('disjunction'), 'czyli'];

/** What stands before the number of a part. "Episode" is none: it begins a subtitle of its own. */
export const PART = new Set(
  (
    'part pt volume vol chapter teil band kapitel czesc cz tom rozdzial partie tome chapitre ' +
    'parte volumen capitulo'
  ).split(' '),
);

/** Numbers of parts in words, by value; they count beside a word of PART only. */
const COUNTS = {
  1: 'first erster erste eins pierwsza jeden premiere premier un primera primero uno',
  2: 'second zweiter zweite zwei druga dwa deuxieme seconde deux segunda segundo dos',
  3: 'third dritter dritte drei trzecia trzy troisieme trois tercera tercero tres',
  4: 'fourth vierter vierte vier czwarta cztery quatrieme quatre cuarta cuarto cuatro',
  5: 'fifth fuenfter fuenfte funfter funfte funf fuenf piata piec cinquieme cinq quinta quinto cinco',
};
export const COUNT = new Map(
  Object.entries(COUNTS).flatMap(([value, words]) => words.split(' ').map((word) => [word, value] as const)),
);

/** Articles at the start of a title. "Die", "o", "as" are left out: they begin other titles too ("Die Another Day"). */
export const LEADING_ARTICLE = new Set(
  'the a an der das ein eine le la les un une el los las una uno il lo gli'.split(' '),
);
/** These are no other word in English, and go missing in the middle as well. */
export const ARTICLE = new Set(['the', 'a', 'an']);

export const LONG_FORM = new Map(
  Object.entries({
    dr: 'doctor',
    mr: 'mister',
    st: 'saint',
    mt: 'mount',
    vs: 'versus',
    blvd: 'boulevard',
    jr: 'junior',
    sr: 'senior',
  }),
);

/** What tells a film from the one it follows, where the rest of the title is the same. */
export const SEQUEL = new Set(
  (
    'reloaded revolutions revolution resurrections resurrection returns return rises rise begins again forever ' +
    'reborn rebirth legacy origins origin requiem continues revisited sequel prequel strikes back'
  ).split(' '),
);

/** Words that titles share without having anything in common. */
export const COMMON = new Set(
  (
    'the and for from with into of in on at to by his her you not is it my me all no new ' +
    'der die das den dem des und von mit auf aus ein eine im am ist les des une sur dans pour avec est ' +
    'los las del una con por para que el en la le de du un na nie sie do od za si mi tu ' +
    'film movie story part episode'
  ).split(' '),
);
