import { declines } from './declining.js';
import type { Gate } from './gate.js';
import { LATIN_REFUSALS, REFUSALS_BEYOND_LATIN } from './refusal-forms.js';
import { folded, withoutNames, withoutNumerals, withoutQuotes } from './words.js';

/** Within a sentence. */
const GAP = '[^.!?]{0,60}';
const NOT_WITHOUT = (without: string) => `(?![^.!?]*\\b(?:${without})\\b)`;

/**
 * What a model says that does not want to write, or cannot. An "I" says it, or it is about a subject of whom nothing
 * is known: a film's own people may refuse what they like. "I cannot write about it without a word on Alien" is a
 * critic's.
 */
const ENGLISH = [
  `\\bi(?:'m| am) (?:\\w+ )?(?:sorry|afraid)\\b${GAP}\\bi(?:'m| am)? (?:can't|cannot|can not|could not|` +
    `couldn't|do not have|don't have|won't|unable|not able)\\b`,
  "\\bi(?:'m| am) (?:currently |unfortunately )?(?:unable|not able|not in a position|not comfortable|not " +
    'allowed|not permitted) (?:to|with) (?:\\w+ ){0,2}(?:writ|provid|help|assist|creat|generat|fulfil|' +
    'confirm|verif|complet|answer|describ|shar|find|produc)',
  `\\bi (?:can't|cannot|can not|could not|couldn't|won't|will not|won't be able to|will not be able to|` +
    `(?:must|have to) (?:\\w+ )?(?:decline|refuse) to|am not going to) (?:\\w+ )?(?:write|provide|assist|` +
    `fulfil|fulfill|create|generate|comply|produce|supply|verify|confirm|help (?:you|` +
    `with))\\b${NOT_WITHOUT('without')}`,
  "\\bi (?:can't|cannot|could not|couldn't|was unable to|did not|didn't) (?:find|locate) (?:any|reliable|" +
    'information|details|a (?:film|movie|person))\\b',
  "\\bi (?:do not|don't|did not|didn't) (?:currently )?have (?:any |enough |sufficient |reliable |specific " +
    '|access to )*(?:information|details|knowledge|data|access|facts)\\b',
  "\\bi(?:'m| am) not (?:aware of|familiar with|certain of) (?:any |a |this |that |the )?(?:film|movie|" +
    'person|actor|actress|director)\\b',
  '\\b(?:no|not enough|insufficient) (?:\\w+ )?information\\b[^.!?]{0,30}\\b(?:about|on|regarding) (?:this|' +
    'that|the) (?:film|movie|person|title|actor|actress|director|subject)\\b',
  '^(?:unfortunately, )?(?:no (?:\\w+ )?information (?:is )?available|brak (?:\\w+ )?informacji|keine ' +
    'informationen verfügbar|aucune information disponible|no hay información disponible)',
  "\\bi (?:do not|don't) know (?:of )?(?:this|that|any such|of any|such a) (?:film|movie|person|actor|" +
    'actress|director)\\b',
  '\\b(?:in|from) my (?:database|records|knowledge|training)\\b',
  "\\b(?:my apologies|sorry)\\b,? but (?:i (?:do not|don't|can't|cannot|am unable)|(?:there (?:is|" +
    'are) )?no (?:\\w+ )?' +
    '(?:information|details|data))\\b',
  '\\b(?:without|need) (?:further|more|additional) (?:information|details|' +
    "context)\\b[^.!?]{0,30}\\bi (?:cannot|can't)\\b",
  "\\bi(?:'d| would) need (?:more|further|additional) (?:information|details|context) to (?:write|describe)\\b",
  "\\bnot (?:an? (?:film|movie|person|title|name) (?:that )?i(?:'m| am|) (?:familiar|know|recogni)|" +
    'something i (?:can|am))',
  '\\bno (?:\\w+ )?(?:description|biography|summary) (?:can|could) be (?:given|written|provided|offered|made|' +
    'produced)\\b',
  '\\bthere is no (?:known )?(?:film|movie|person) (?:with|by|of|under) (?:this|that) (?:title|name)\\b',
  `\\b(?:not possible|impossible) for me to (?:\\w+ )?(?:describe|write|provide|give|` +
    `offer)\\b${NOT_WITHOUT('without')}`,
  '\\bi (?:must|have to|need to) (?:\\w+ )?pass on (?:this|that)\\b',
  '\\bi apologi[sz]e\\b[^.!?]{0,40}\\b(?:confusion|inconvenience|mistake|but i)\\b',
  '\\b(?:violates?|against) (?:my|our|the|its) (?:\\w+ )?(?:guidelines|policy|policies|' +
    'programming)\\b[^.!?]{0,60}\\b(?:i|request|write|generate)\\b',
  "\\b(?:description|biography|text|summary) (?:cannot|can not|can't|could not) be (?:written|provided|" +
    'generated|created|produced)\\b',
  "\\b(?:this|that) (?:film|movie|person) (?:does not|doesn't) (?:seem|appear) to exist\\b",
  '\\bunable to (?:provide|write|generate|fulfil|fulfill|assist with|complete) (?:this|the|a|your|that) ' +
    '(?:\\w+ )?(?:request|description|biography|text|summary)\\b',
];

const POLISH = [
  `\\b(?:przepraszam|przykro mi|wybacz\\w*)\\b${GAP}\\bnie (?:mogę|jestem w stanie|potrafię|mam|posiadam|` +
    `dysponuję|znam|znalazł[ae]m)\\b`,
  `\\bnie (?:mogę|jestem w stanie|potrafię) (?:\\w+ ){0,2}(?:napisać|stworzyć|pomóc|spełnić|wygenerować|` +
    `udzielić|dostarczyć|przygotować|podać|zweryfikować|potwierdzić)\\b${NOT_WITHOUT('bez')}`,
  '\\bnie (?:mam|posiadam|dysponuję) (?:\\w+ ){0,3}(?:informacji|informacjami|danych|danymi|wiedzy|dostępu)\\b',
  '\\b(?:brak|brakuje|nie ma) (?:\\w+ ){0,2}(?:informacji|danych) (?:\\w+ ){0,2}(?:o|na temat|dotyczących) ' +
    '(?:tego|tej|tym) (?:film|osob|aktor|tytul)',
  '\\b(?:przepraszam|przykro mi|niestety), (?:ale )?nie (?:pomogę|napiszę|podam)\\b',
  '\\bodmawiam (?:napisania|wykonania|odpowiedzi)\\b',
  '\\bnie (?:znam|kojarzę) (?:tego|takiego|żadnego) filmu\\b(?! o )',
  `\\bniestety\\b${GAP}\\bnie (?:mogę|jestem w stanie|potrafię) (?:\\w+ ){0,3}(?:zrobić|odpowiedzieć|spełnić)\\b`,
  '\\bniestety\\b[^.!?]{0,20}\\bnie (?:mam|posiadam|dysponuję|znam|znalazł[ae]m) (?:\\w+ ){0,3}(?:informac|dan|' +
    'wiedz)',
];

const GERMAN_VERB =
  '(?:schreiben|verfassen|erstellen|helfen|bereitstellen|liefern|geben|generieren|erfüllen|bestätigen|' +
  'anbieten|nachkommen|finden|weiterhelfen)';
const GERMAN = [
  `\\b(?:ich (?:kann|konnte|darf|werde)|(?:kann|konnte|darf|werde) ich)\\b${GAP}\\b(?:nicht|keine?n?|` +
    `nichts)\\b${GAP}\\b${GERMAN_VERB}\\b${NOT_WITHOUT('ohne')}`,
  `\\b(?:ich habe|habe ich|mir liegen|liegen mir|ich verfüge über|ich ` +
    `besitze)\\b[^.!?]{0,30}\\bkeine\\b[^.!?]{0,30}\\b(?:informationen|angaben|daten|kenntnisse?)\\b`,
  '\\b(?:ich bin|bin ich)\\b[^.!?]{0,30}\\bnicht in der lage\\b',
  '\\b(?:keine|nicht genügend|zu wenige?)\\b[^.!?]{0,30}\\b(?:informationen|angaben) (?:über|zu) (?:diesen|' +
    'diesem|dieser|diese) (?:film|person|titel|schauspieler)',
  '\\bich muss\\b[^.!?]{0,60}\\bablehnen\\b',
  '\\bich kenne (?:diesen|keinen solchen|keinen) film\\b',
  '\\bohne (?:weitere|nähere|genauere|mehr) (?:angaben|informationen)\\b[^.!?]{0,20}\\bkann ich\\b',
  '\\b(?:darüber|dazu) (?:\\w+ )?(?:nicht spekulieren|keine auskunft)\\b',
  '\\bzu diese[mr] (?:film|titel|person)\\b[^.!?]{0,20}\\bkann ich (?:leider )?nichts\\b',
];

const FRENCH = [
  "\\bdésolée?s?\\b[^.!?]{0,60}\\bje (?:ne |n')",
  `\\bje ne (?:peux|puis|pourrai)(?: malheureusement)? pas (?:\\w+ ){0,2}(?:écrire|rédiger|fournir|aider|` +
    `créer|générer|satisfaire|confirmer|vérifier|répondre à)\\b${NOT_WITHOUT('sans')}`,
  '\\bje ne (?:peux|puis|pourrai)(?: malheureusement)? pas vous\\b',
  '\\bje ne suis (?:malheureusement )?pas (?:en mesure|capable|autorisée?) de?\\b',
  "\\bje n'ai (?:malheureusement )?(?:pas|aucune?) (?:\\w+ )?(?:accès|(?:d')?informations?|(?:de )?données|" +
    'connaissances?)\\b',
  "\\bje ne (?:dispose|possède) (?:pas|d'aucune)\\b",
  "\\bil m'est (?:malheureusement )?impossible de? (?:\\w+ )?(?:écrire|rédiger|fournir|répondre|créer|confirmer)",
  "\\b(?:aucune information|pas d'informations?|trop peu d'informations?)\\b[^.!?]{0,30}\\b(?:sur|" +
    'concernant) (?:ce film|cette personne|ce titre|cet acteur|cette actrice)\\b',
  '\\bje ne connais (?:pas ce|aucun) film\\b',
  '\\bje ne (?:peux|puis) pas (?:faire|écrire) (?:cela|ça|ce que vous)\\b',
  "\\bil (?:m'est|me serait) (?:\\w+ )?impossible de décrire ce\\b(?![^.!?]*\\bsans\\b)",
];

const SPANISH = [
  '\\blo siento\\b[^.!?]{0,40}\\b(?:no puedo|no tengo|no me es|no dispongo|no conozco)\\b',
  '\\blamento (?:no poder|informar|decir)|\\b(?:lamentablemente|desafortunadamente), no (?:me es|puedo|' +
    'tengo|dispongo|es posible)',
  `\\bno puedo (?:\\w+ ){0,2}(?:escribir|redactar|proporcionar|ofrecer|ayudar|ayudarte|ayudarle|crear|` +
    `generar|cumplir|facilitar|completar|confirmar|verificar)\\b${NOT_WITHOUT('sin')}`,
  '\\bno (?:tengo|dispongo de|cuento con|poseo) (?:\\w+ ){0,2}(?:información|datos|acceso|conocimientos?)\\b',
  '\\bno (?:estoy|me encuentro) en (?:condiciones|posición|capacidad) de (?:escribir|proporcionar|ofrecer|ayudar)',
  '\\bme (?:es|resulta) imposible (?:escribir|proporcionar|ofrecer|redactar|ayudar)',
  '\\bno (?:hay|existe) (?:\\w+ ){0,2}información (?:\\w+ ){0,2}sobre (?:esta|este) (?:película|persona|' +
    'título|actor|actriz)\\b',
  '\\bno conozco (?:esta|esa|ninguna) película\\b',
  '\\bno sé nada (?:de|sobre) (?:esta|este)\\b|\\bno puedo hacer (?:eso|esto|lo que me)\\b',
];

const compiled = (form: string) => new RegExp(folded(form), 'u');
const PATTERNS = [...ENGLISH, ...POLISH, ...GERMAN, ...FRENCH, ...SPANISH, ...LATIN_REFUSALS].map(compiled);
const BEYOND_LATIN = REFUSALS_BEYOND_LATIN.map(({ script, sources }) => ({ script, patterns: sources.map(compiled) }));

/** A refusal or an excuse where a text was asked for, in whatever language. What is said in quotation marks is not. */
export const refusal: Gate = (text, context) =>
  isRefusal(withoutNames(text, context))
    ? 'It refuses, or makes excuses, in place of a text: write what is known of the subject, in neutral words.'
    : null;

/** The same of any text, whoever it is about. */
export function isRefusal(text: string): boolean {
  const spoken = withoutNumerals(withoutQuotes(text));
  const plain = folded(spoken);
  const others = BEYOND_LATIN.filter(({ script }) => script.test(spoken)).flatMap(({ patterns }) => patterns);
  return [...PATTERNS, ...others].some((pattern) => pattern.test(plain)) || declines(spoken);
}
