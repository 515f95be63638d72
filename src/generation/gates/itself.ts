import { ON_DATA, REPAIRED, TEXT } from './answering.js';
import type { Gate } from './gate.js';
import { folded, withoutNames, withoutQuotes } from './words.js';

const BRANDS = '(?:chatgpt|gpt-?\\d?|claude|gemini|copilot|llama|mistral|deepseek|qwen)';
const MODEL = '(?:ai|artificial intelligence|(?:large )?language model|chatbot|virtual assistant)';

/** A film may be about a model: only one that says "I" speaks of itself. */
const SELF = [
  `\\bas an? ${MODEL}\\b[^.!?]{0,60}\\b(?:i|my)\\b`,
  `\\bi(?:'m| am) (?:just |only )?(?:an? ${MODEL}|${BRANDS})\\b`,
  '\\bmy (?:training data|knowledge cut-?off|knowledge base|last (?:knowledge )?update)\\b',
  '\\bjako (?:model językowy|duży model językowy|ai|sztuczna inteligencja|' +
    'asystent)\\b[^.!?]{0,60}\\b(?:mogę|mam|jestem|potrafię|posiadam|znam|oglądam|\\w+ł[ae]m)\\b',
  '\\bjestem (?:tylko )?(?:modelem językowym|asystentem|sztuczną inteligencją)\\b',
  '\\bals (?:ki|künstliche intelligenz|(?:ki-)?sprachmodell|ki-modell|assistent)\\b[^.!?]{0,60}\\b(?:ich|' +
    'mir|meine?)\\b',
  '\\bich bin (?:nur )?(?:ein (?:ki-)?sprachmodell|eine ki|ein ki-modell)\\b',
  "\\ben tant qu(?:e |')(?:ia|intelligence artificielle|modèle de langage|" +
    "assistant)\\b[^.!?]{0,60}\\b(?:je|j'|mon|ma|mes)\\b",
  '\\bje suis (?:un modèle de langage|une ia|une intelligence artificielle)\\b',
  '\\bcomo (?:ia|inteligencia artificial|modelo de lenguaje|asistente)\\b[^.!?]{0,60}\\b(?:puedo|tengo|soy|' +
    'veo|dispongo|mis?)\\b',
  '\\bsoy (?:un modelo de lenguaje|una ia|una inteligencia artificial)\\b',
];

const HERE =
  "here(?:'s| is| are)|here you go|here goes|below is|the following is|oto|poniżej|hier ist|hier kommt|" +
  'im folgenden|nachfolgend|nachstehend|anbei|voici|voilà|' +
  'aquí (?:tienes?|está|va)|a continuación|este es|esta es';
/** Such words begin an answer and not a text. */
const OPENINGS = [
  `^(?:sure|certainly|of course|absolutely|gladly|okay|ok|great|oczywiście|jasne|pewnie|gerne?|natürlich|` +
    `klar|selbstverständlich|bien sûr|certainement|d'accord|claro(?: que sí)?|por supuesto|con gusto|desde ` +
    `luego)[ ,.!:–-]+(?:so |then )?(?:${HERE}|i |i'|let me|this is)`,
  '^(?:sure|certainly|of course|absolutely|gladly|oczywiście|jasne|gerne|natürlich|bien sûr|claro|por supuesto) ?!',
  `^¡(?:claro(?: que sí)?|por supuesto|con gusto|desde luego)[ ,.!:–-]+`,
  `^(?:${HERE})\\b[^.!?:\\n]{0,100}\\b${TEXT}\\b[^.!?\\n]{0,100}:`,
  `^(?:${HERE})\\b[^.!?:\\n]{0,100}\\b${TEXT}\\b[^.!?\\n]{0,60}\\b(?:as requested|you (?:asked|requested|` +
    `wanted)|in the style|zgodnie z|wie gewünscht|comme demandé|como pediste|solicitad[oa])`,
  `^(?:${HERE})(?: [\\w'-]+){0,4}? ${TEXT} (?:of (?:the|this) (?:film|movie)|du film|de ce film|des films|` +
    'dieses films|' +
    'filmu|tego filmu|de la película|de esta película|demandée?|solicitad[oa])\\b',
  // What it is, before a colon, and what was asked for.
  `^[^.!?:\\n"{[]{0,80}\\b(?:description|summary|synopsis|opis|streszczenie|beschreibung|` +
    'zusammenfassung|descripción|resumen|' +
    '(?:text|texte|texto|tekst) (?:about|of|on|describes|du|filmu|des|demandé|solicitado|de la|zum|' +
    'über))\\b[^.!?:\\n]{0,60}:',
  `^(?:hier|nun|voici|oto|aquí|here|so)\\b[^.!?:\\n]{0,60}\\b${TEXT} ?:`,
  '^[^.!?\\n]{0,60}\\b(?:as requested(?! by)|as you (?:asked|wished)|zgodnie z (?:twoją |państwa )?prośbą|' +
    'wie gewünscht|' +
    'wunschgemäß|comme (?:vous l.avez )?demandé|como (?:se )?(?:ha )?solicit\\w+)\\b',
  `^(?:z (?:wielką )?przyjemnością|proszę bardzo|avec (?:grand )?plaisir|bien entendu|sehr gerne?|` +
    `¡?con (?:mucho )?gusto) ?` +
    `(?:!|[,:–-] ?(?:${HERE}|hier ))`,
  '^(?:z (?:wielką )?przyjemnością|chętnie) (?:opiszę|przedstawi\\w+|napiszę)\\b|^te dejo (?:la|el|una?|aquí)\\b',
  '^let me tell you about (?:this|the) (?:film|movie|person)\\b|^(?:final answer|thought|thinking) ?:',
  `^${TEXT} ?:|^(?:plot|title|overview|fabuła|tytuł|handlung|inhalt|titel|titre|argumento|título|sinopsis) ?:`,
];

/** Words to whoever asked, or about how the text was asked for. */
const ASIDES = [
  '\\blet me know (?:if|what you|whether)\\b|\\bhappy to help ?!?$|\\bfeel free to (?:ask|reach|let)\\b|' +
    '\\bi hope (?:this|that) (?:helps|meets|is what)\\b',
  "\\bi(?:'d| would|'ll| will) be (?:happy|glad) to\\b|\\bbelow you(?:'ll| will) find\\b|\\bi(?:'ve| have) " +
    '(?:written|kept|tried to|made|followed|included|avoided)\\b',
  `\\bwould you like an?(?:other)? (?:\\w+ )?(?:version|${TEXT})\\b`,
  `\\bthis ${TEXT} (?:has|is|contains|follows|meets|uses|keeps)\\b[^.!?]{0,40}` +
    '\\b(?:words|requested|instructions|word count)\\b',
  "\\bif you(?:'d| would)? (?:like|want|prefer|wish)[^.!?]{0,20}, i (?:can|could)\\b",
  '\\bjeśli (?:chcesz|potrzebujesz|wolisz)[^.!?]{0,30}, mogę\\b|\\bsi (?:vous|tu) (?:voulez|veux|souhaitez|' +
    'préférez)[^.!?]' +
    '{0,30}, je peux\\b|\\bsi (?:lo )?(?:quieres|quiere|deseas|desea|prefieres|prefiere)[^.!?]{0,30}, puedo\\b',
  '\\bwould you like me to\\b|\\bif you (?:need|want|would like) (?:me to|any (?:changes|adjustments|' +
    'further|more|other))\\b',
  `\\bthe user (?:asked|asks|wants|is asking|requested) (?:for|me|us|an? (?:\\w+ )?${TEXT})\\b`,
  '\\byou asked (?:me )?(?:for|to)\\b',
  '\\bi (?:was asked|have been asked|will now|need) to (?:write|describe|provide)\\b|\\blet me (?:write|' +
    'describe|draft)\\b',
  'daj(?:cie)? (?:mi )?znać|\\bmam nadzieję, że (?:to |ten )?(?:pomo|spełnia|opis)|\\bczy (?:chcesz|' +
    'chciał(?:a)?byś), (?:abym|żebym)\\b',
  '\\bich hoffe, (?:das|dies|der text|die beschreibung) (?:hilft|gefällt|entspricht)|\\blass(?:en sie)? ' +
    '(?:es )?mich wissen\\b|\\bwenn (?:du|sie) (?:möchten?|möchtest|weitere)\\b[^.!?]{0,40}\\bich\\b',
  "\\bn'hésitez pas à me\\b|\\bj'espère que (?:cela|ce texte|cette)\\b|\\bsouhaitez-vous que je\\b|" +
    '\\bfaites-moi savoir\\b',
  '\\bespero que (?:esto|este texto|te|le) (?:ayude|sirva|sea útil)|\\bhá(?:zmelo|gamelo) saber\\b|' +
    '\\b(?:quieres|desea) que (?:la |lo )?(?:cambie|escriba|modifique)\\b',
  '\\((?:word count: ?)?\\d{2,3} (?:words|słów|słowa|wörter|worte|mots|palabras)\\)|\\b(?:word count|' +
    'liczba słów|wortanzahl|anzahl der wörter|nombre de mots|recuento de palabras|número de palabras) ?: ?\\d',
  '(?:^|\\n)(?:please )?(?:note|disclaimer|uwaga|hinweis|anmerkung|remarque|nota) ?:',
  `\\bthis ${TEXT} (?:was|is|has been) (?:written|generated|created) (?:by|with) (?:an? )?${MODEL}\\b`,
];

const PATTERNS = [...SELF, ...OPENINGS, ...ASIDES, ...REPAIRED, ...ON_DATA].map(
  (form) => new RegExp(folded(form), 'u'),
);

/** A text that speaks of who wrote it, or to whoever asked for it. */
export const itself: Gate = (text, context) => {
  const plain = folded(withoutQuotes(withoutNames(text.trim(), context)));
  return PATTERNS.some((pattern) => pattern.test(plain))
    ? 'It speaks of itself or to whoever asked for it: write the text alone, and no word before, after or about it.'
    : null;
};
