/** Words that stand where a name is not known, in the languages that models answer in. */
const WORDS = [
  'unknown|n\\/?a|none|null|nil|tb[ad]|to be (?:announced|determined|confirmed)|various(?: .*)?|uncredited|unnamed',
  'unspecified|anonymous|not (?:available|applicable|known|specified)|no(?:body| one)|unbekannt|diverse|verschiedene',
  'nieznany|nieznana|różni|inconnue?|divers|desconocid[oa]|varios|ungenannt|nicht genannt|[?\\-–—.]+',
  'unknown (?:actor|actress|director|writer|artist|performer|person|author)|nieznan[ya] (?:aktor|aktorka|' +
    'reżyser|autor)',
  'unbekannte[rn]? (?:darsteller|schauspieler|regisseur|autor)(?:in)?|sin acreditar|non crédité',
  '(?:act(?:eur|rice)|réalisat(?:eur|rice)|auteur) inconnue?|(?:act(?:or|riz)|directora?|autora?) desconocid[oa]',
].join('|');
const PLACEHOLDER = new RegExp(`^(?:${WORDS})(?:\\s*\\(.*\\))?$`, 'iu');

const RELATIVES = 'brothers|sisters|siblings|bros\\.?|brüder|geschwister|bracia|siostry|frères|sœurs|hermanos|hermanas';
/** "The Wachowskis", "Coen brothers": several people, and the name of none of them. */
const FAMILY = new RegExp(`^the \\p{Lu}[\\p{L}'’-]+s$|\\b(?:${RELATIVES})\\b`, 'iu');

/** What stands where there is no other title. "Nobody" and "?" are films. */
const NO_TITLE = /^(?:n\/?a|none|null|nil|unknown|tb[ad]|not (?:available|applicable|known|specified)|same|[-–—.]+)$/i;
export const isNoTitle = (title: string) => NO_TITLE.test(title.trim());

/** Whether a name is that of no single person. */
export const isNobody = (name: string) => PLACEHOLDER.test(name.trim()) || FAMILY.test(name.trim());

/** The same of a character, who may be a family. */
export const isPlaceholder = (name: string) => PLACEHOLDER.test(name.trim());
