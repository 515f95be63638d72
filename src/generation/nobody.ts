/** Words that stand where a name is not known, in the languages that models answer in. */
const WORDS = [
  'unknown|n\\/?a|none|null|nil|tb[ad]|to be (?:announced|determined|confirmed)|various(?: .*)?|uncredited|unnamed',
  'unspecified|anonymous|not (?:available|applicable|known|specified)|no(?:body| one)|unbekannt|diverse|verschiedene',
  'nieznany|nieznana|różni|inconnue?|divers|desconocid[oa]|varios|[?\\-–—.]+',
].join('|');
const PLACEHOLDER = new RegExp(`^(?:${WORDS})(?:\\s*\\(.*\\))?$`, 'iu');

const RELATIVES = 'brothers|sisters|siblings|bros\\.?|brüder|geschwister|bracia|siostry|frères|sœurs|hermanos|hermanas';
/** "The Wachowskis", "Coen brothers": several people, and the name of none of them. */
const FAMILY = new RegExp(`^the \\p{Lu}[\\p{L}'’-]+s$|\\b(?:${RELATIVES})\\b`, 'iu');

/** Whether a name is that of no single person. */
export const isNobody = (name: string) => PLACEHOLDER.test(name.trim()) || FAMILY.test(name.trim());

/** The same of a character, who may be a family. */
export const isPlaceholder = (name: string) => PLACEHOLDER.test(name.trim());
