/** Words that stand where a name is not known, in the languages that models answer in. */
const WORDS = [
  'unknown|n\\/?a|none(?: known)?|null|nil|tb[adc]|to be (?:announced|determined|confirmed)|various(?: .*)?|uncredited',
  'unnamed|not credited|(?:multiple|several) (?:actors|actresses|directors|people|performers|artists|voices)|\\[.*\\]',
  'unspecified|anonymous|not (?:available|applicable|known|specified)|no(?:body| one)|unbekannt|diverse|verschiedene',
  'nieznany|nieznana|różni|inconnue?|divers|desconocid[oa]|varios|ungenannt|nicht genannt|[?\\-–—.]+',
  'unknown (?:actor|actress|director|writer|artist|performer|person|author)|nieznan[ya] (?:aktor|aktorka|' +
    'reżyser|autor)',
  'unbekannte[rn]? (?:darsteller|schauspieler|regisseur|autor)(?:in)?|sin acreditar|non crédité',
  '(?:act(?:eur|rice)|réalisat(?:eur|rice)|auteur) inconnue?|(?:act(?:or|riz)|directora?|autora?) desconocid[oa]',
  // One word for "unknown" each, of those that are no name anywhere.
  'sconosciut[oa]|desconhecid[oa]|desconegu(?:t|da)|necunoscută?|onbekend|okänd|ukendt|ukjent|óþekkt(?:ur)?',
  'tuntematon|tundmatu|ismeretlen|neznám[ýáya]|neznana?|nepoznata?|nežinomas?|nezinām[sa]|bilinmiyor|bilinmeyen',
  'tidak diketahui|không (?:rõ|xác định)|неизвест(?:ен|на|но|ный|ная)|невідом(?:о|ий|а)|непознат[ао]?',
  'άγνωστ(?:ος|η|ο)|לא ידוע|غير معروف|مجهول|ناشناس|نامشخص|अज्ञात|অজানা|অজ্ঞাত|ไม่ทราบ|ไม่ระบุ',
  '不明|未定|未知|不详|不詳|佚名|미상|불명|알 수 없음',
].join('|');
const PLACEHOLDER = new RegExp(`^(?:${WORDS})(?:\\s*\\(.*\\))?$`, 'iu');

const RELATIVES = 'brothers|sisters|siblings|bros\\.?|brüder|geschwister|bracia|siostry|frères|sœurs|hermanos|hermanas';
const OF_RELATIVES = new RegExp(`\\b(?:${RELATIVES})\\b`, 'iu');
const IN_PLURAL = /^the (\p{L}[\p{L}'’-]+?)e?s$/iu;

/**
 * What stands where there is no other title. "Nobody" and "?" are films, and so is "Desconhecido": what means no more
 * than "unknown" is left in other languages.
 */
const NO_TITLES = [
  'n\\/?a|none(?: known)?|null|nil|unknown(?: title)?|tb[adc]|[-–—.]+|not (?:available|applicable|known|specified)',
  'not translated|there is no .*title.*|no (?:[\\p{L}-]+ ){0,3}titles?(?: .*)?',
  '(?:the )?same(?: (?:as|title|in) ?.*)?|identical(?: .*)?|unchanged|as (?:the |in the )?original',
  'brak(?: (?:oficjalnego|polskiego|znanego|innego|danych|tytułu|tłumaczenia|informacji).*)?|nie dotyczy',
  'nieznany tytuł|bez zmian|(?:tak samo )?jak (?:w )?orygina.*',
  'keine[rs]?|keine angabe|kein(?:e|en)? (?:[\\p{L}-]+ ){0,2}titel(?: .*)?|nicht (?:bekannt|verfügbar|zutreffend)',
  'wie (?:im )?original|unbekannter titel',
  'aucune?|(?:aucun|pas de) titre.*|non (?:disponible|applicable)|sans objet|titre inconnu|même titre.*|identique.*',
  'ninguno|(?:ningún|no (?:hay|tiene)) título.*|no (?:disponible|aplica)|sin título (?:oficial|conocido|en).*',
  'título desconocid[oa]|(?:el )?mismo título.*|igual que (?:el )?(?:original|título).*',
  'nessun titolo.*|non disponibile|nenhum(?: título.*)?|não (?:há|existe|disponível|aplicável|se aplica).*',
  'geen (?:[\\p{L}-]+ ){0,2}titel(?: .*)?|niet (?:van toepassing|beschikbaar|bekend)|není k dispozici|neuvedeno',
  'ingen (?:[\\p{L}-]+ ){0,2}titt?el(?: .*)?',
  'нет (?:.*названия|данных).*|не (?:указано|применимо)|отсутствует|немає.*назви.*|відсутня',
  '該当なし|暂无|不适用|不適用|해당 없음',
].join('|');
const NO_TITLE = new RegExp(`^(?:${NO_TITLES})$`, 'iu');
/** What encloses a remark: "(same as original)". */
const ENCLOSED = /^[([](.*)[)\]]$/su;

export const isNoTitle = (title: string) => NO_TITLE.test(title.trim().replace(ENCLOSED, '$1').replace(/\.$/u, ''));

/** Whether a name is that of no single person: "The Wachowskis", "Coen brothers" are several. */
export const isNobody = (name: string) => isPlaceholder(name) || isFamily(name) || IN_PLURAL.test(name.trim());

/** Whether a further name is that of somebody's whole family, or of nobody. "The Boss" is one man. */
export function isNobodyBeside(name: string, own: string): boolean {
  const [, family] = IN_PLURAL.exec(name.trim()) ?? [];
  const isOwnFamily = family !== undefined && own.toLowerCase().includes(family.toLowerCase());
  return isPlaceholder(name) || isNoTitle(name) || isFamily(name) || isOwnFamily;
}

const isFamily = (name: string) => OF_RELATIVES.test(name);

/** Whether a name is none, be it of a character, who may be a family. */
export const isPlaceholder = (name: string) => PLACEHOLDER.test(name.trim());
