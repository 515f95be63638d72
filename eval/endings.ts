/**
 * Signs that a text tells how a film ends, by language: words for a last turn, and for what becomes of somebody in the
 * end. Which film it is they do not know, so a text may tell its ending in other words. As a share of many texts they
 * tell a model that gives endings away from one that does not.
 */
const SIGNS: Record<string, string[]> = {
  en: [
    '\\bin the end,? (?:\\p{L}+ ){0,4}(?:dies|is killed|kills|survives|escapes|wins|marries|returns|forgives|' +
      'confesses|sacrifices|leaves|learns|realises|realizes|discovers|turns out)',
    '\\b(?:at the end|by the end|the (?:film|story|movie) ends) (?:of the (?:film|story|movie),? )?(?:with|as|when|' +
      '(?:\\p{L}+ ){0,3}(?:dies|is dead|has killed|kills|is revealed|turns out))',
    '\\b(?:it )?(?:finally |eventually )?turns out (?:that|to be|to have)\\b',
    '\\b(?:is|are|was) (?:finally |eventually |later )?revealed (?:to be|to have|as the|that)\\b',
    '\\b(?:the )?(?:final|last|big|shocking) (?:twist|revelation|reveal)\\b',
    '\\b(?:spoiler|the killer is|the murderer is|the culprit is)\\b',
  ],
  pl: [
    '\\bna końcu (?:\\p{L}+ ){0,4}(?:ginie|umiera|zabija|ucieka|wygrywa|okazuje|dowiaduje|wraca)',
    '\\b(?:ostatecznie|w finale|pod koniec filmu) (?:\\p{L}+ ){0,4}(?:ginie|umiera|zabija|ucieka|okazuje|wraca)',
    '\\bokazuje się,? że\\b',
    '\\b(?:film|historia) kończy się (?:tym|śmiercią|gdy|kiedy)',
    '\\b(?:mordercą|zabójcą|sprawcą) (?:jest|okazuje się)\\b',
  ],
  de: [
    '\\b(?:am ende|schließlich|zum schluss) (?:\\p{L}+ ){0,4}(?:stirbt|tötet|entkommt|überlebt|gewinnt|kehrt|stellt)',
    '\\b(?:stellt|stellte) sich (?:\\p{L}+ )?heraus\\b',
    '\\bentpuppt sich\\b',
    '\\b(?:der film|die geschichte) endet (?:mit|damit|als)\\b',
    '\\bder (?:mörder|täter|killer) ist\\b',
  ],
  fr: [
    "\\b(?:à la fin|finalement),? (?:\\p{L}+['’ ]){0,4}(?:meurt|tue|s['’]échappe|survit|gagne|revient|découvre)",
    "\\bil s['’]avère que\\b",
    '\\bse révèle être\\b',
    "\\b(?:le film|l['’]histoire) (?:se termine|s['’]achève) (?:par|avec|quand|lorsque)",
    '\\b(?:le meurtrier|le tueur|le coupable) est\\b',
  ],
  es: [
    '\\b(?:al final|finalmente),? (?:\\p{L}+ ){0,4}(?:muere|mata|escapa|sobrevive|gana|regresa|descubre)',
    '\\bresulta (?:que|ser)\\b',
    '\\bse revela (?:que|como)\\b',
    '\\b(?:la película|la historia) termina (?:con|cuando)\\b',
    '\\b(?:el asesino|el culpable) es\\b',
  ],
};

/** Where a word begins or ends. That of patterns knows no letter but those of English. */
const BOUNDARY = '(?:(?<!\\p{L})(?=\\p{L})|(?<=\\p{L})(?!\\p{L}))';
const formOf = (sign: string) => new RegExp(sign.replaceAll('\\b', BOUNDARY), 'iu');
const FORMS = new Map(Object.entries(SIGNS).map(([language, signs]) => [language, signs.map(formOf)]));

/** @returns whether a text has such a sign; `null`: there are none for its language */
export function tellsEnding(text: string, locale: string): boolean | null {
  const forms = FORMS.get(locale.slice(0, 2));
  return forms ? forms.some((form) => form.test(text)) : null;
}
