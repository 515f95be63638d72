/** What was asked for, in the words of an answer. */
export const TEXT =
  '(?:description|text|biography|bio|summary|synopsis|version|rewrite|draft|answer|response|paragraph|opis|tekst|' +
  'biografia|streszczenie|wersja|odpowiedź|beschreibung|fassung|biografie|zusammenfassung|antwort|entwurf|texte|' +
  'biographie|résumé|réponse|descripción|texto|biografía|resumen|versión|respuesta)';

/** How an answer begins that was asked for once more: thanks, excuses, assent, and what it is now. */
export const REPAIRED = [
  '^(?:thank you|thanks|many thanks) for (?:(?:the|your) (?:\\w+ )?(?:correction|feedback|clarification|note|' +
    'reminder|hint|guidance)|(?:pointing|clarifying|catching|letting me))\\b',
  '^(?:(?:my |sincere )*apologies|i apologi[sz]e|sorry) for (?:the|my|that|any) (?:\\w+ )?(?:mistake|error|confusion|' +
    'oversight)\\b',
  "^you(?:'re| are) (?:\\w+ )?right ?[,.!;:]",
  `^(?:here(?:'s| is) (?:the|a|my) )?(?:corrected|revised|updated|rewritten|improved)(?: ${TEXT})? ?[:.]`,
  `^[^.!?]{0,60}\\bmy (?:earlier|previous|initial) ${TEXT}\\b`,
  '^(?:dziękuję|dzięki) za (?:\\w+ )?(?:poprawk|uwag|korekt|wskazani|sprostowani|zwróceni)',
  '^przepraszam(?:y)? za (?:\\w+ )?(?:błąd|błęd|pomyłk|nieporozumieni)',
  '^(?:masz|ma pan|ma pani|mają państwo) rację ?[,.!;:]',
  `^(?:oto )?(?:poprawion|skorygowan)[aey] ${TEXT} ?[:.]`,
  '^(?:vielen dank|danke|dank) für (?:die|den|deinen?|ihren?) (?:korrektur|hinweis|rückmeldung|anmerkung)',
  '^(?:entschuldig|verzeih)\\w*(?: sie)?(?: bitte)?(?: für)? (?:den|meinen|diesen) (?:fehler|irrtum)',
  '^(?:du hast|sie haben) (?:\\w+ )?recht ?[,.!;:]',
  `^(?:hier (?:ist|kommt) )?(?:die |der |eine? )?(?:korrigiert|überarbeitet|verbessert)\\w*(?: ${TEXT})? ?[:.]`,
  '^merci (?:beaucoup )?(?:(?:pour|de) (?:la|votre|cette|ta) (?:correction|remarque|précision)|' +
    "de m'avoir signalé)\\b",
  "^(?:(?:toutes )?mes excuses|pardon|je m'excuse) pour (?:cette |la |mon |l')(?:erreur|confusion|méprise)\\b",
  '^(?:vous avez|tu as) (?:tout à fait |entièrement )?raison ?[,.!;:]',
  `^(?:voici )?(?:la |le |une? )?${TEXT} (?:corrigé|révisé|rectifié)e? ?[:.]`,
  '^¡?(?:muchas )?gracias por (?:la|el|tu|su) (?:corrección|aclaración|observación|aviso)\\b',
  '^(?:(?:mis )?disculpas por|perdón por|perdona|lamento) (?:el|la|mi) (?:error|confusión|equivocación)\\b',
  '^(?:tienes|tiene) (?:toda la )?razón ?[,.!;:]',
  `^(?:aquí (?:está|tienes|va) )?(?:la |el |una? )?${TEXT} (?:corregid|revisad)[oa] ?[:.]`,
];

const ABOUT_THIS = '(?:about|on|regarding) (?:this|that) (?:film|movie|title|person|actor|actress|director)';
/** About the data, or that there are few. "The data provided by the station" are those of a film. */
export const ON_DATA = [
  '^[^.!?]{0,60}\\b(?:facts|data|information|details) (?:provided|given|supplied)(?! (?:by|to|in|at|away)\\b)\\b',
  '^(?:(?:based on|according to|from) )?the (?:facts|information|details) in the (?:data|json|block)\\b',
  '^(?:based on|according to|from|given) the (?:provided|given|supplied|available) (?:facts|data|' +
    'information|details)\\b',
  '^[^.!?]{0,60}\\bjson (?:block|data|object|input)\\b',
  '^(?:na podstawie|według|zgodnie z) (?:podan|dostarczon|przekazan|dostępn)\\w+ (?:fakt|dan|informac)',
  '^(?:laut|gemäß|nach|auf (?:der )?(?:grundlage|basis)|basierend auf|anhand)(?: der| den| von)? (?:angegeben|' +
    'bereitgestellt|vorliegend|gegeben|verfügbar)en (?:daten|fakten|informationen|angaben)\\b',
  "^(?:d'après|selon|sur la base|à partir|en fonction)[^.!?,]{1,8}\\b(?:données|faits|informations|éléments) " +
    '(?:fourni|donné|disponible|indiqué|communiqué)',
  '^(?:según|con base en|a partir de|de acuerdo con) (?:los|la) (?:datos|hechos|información) (?:proporcionad|' +
    'facilitad|dad|disponible|aportad)',
  `\\binformation ${ABOUT_THIS} (?:is|remains) (?:\\w+ )?(?:limited|scarce|sparse)\\b`,
  `\\b(?:little|limited|scant|not much) (?:\\w+ )?information ${ABOUT_THIS}\\b`,
  '^there is (?:very )?(?:little|limited|scant) (?:\\w+ )?information (?:about|on) [^.!?,]{1,60} available ?\\.',
  '\\b(?:what follows|the following) is an? (?:general|imagined|fictional|fictitious|invented|hypothetical|plausible|' +
    'speculative|brief|short) (?:description|summary|synopsis|premise|text|overview)\\b',
  '\\binformacje o (?:tym|tej) (?:film|osob|tytul|aktor)\\w+ są (?:\\w+ )?(?:ograniczone|skąpe)\\b',
  '\\binformationen (?:zu|über) diese[mnr]? (?:film|titel|person|schauspieler\\w*) sind ' +
    '(?:\\w+ )?(?:begrenzt|spärlich)',
  '\\binformations (?:sur|concernant) (?:ce|cet|cette) (?:film|titre|personne|act\\w+) sont ' +
    '(?:\\w+ )?(?:limitées|rares)',
  '\\binformación sobre (?:esta|este) (?:película|filme?|título|persona|act\\w+) es (?:\\w+ )?(?:limitada|escasa)',
];
