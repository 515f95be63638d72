import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Random } from '../run/random.ts';

const CORPUS = new URL('../../corpus/tongues.json', import.meta.url);
/** Of other languages there is one text each. */
const TONGUES = JSON.parse(readFileSync(CORPUS, 'utf8')) as Record<string, { fit: string }>;

/** What sentences of a language are made of: a beginning, somebody, what is done, to what, and where. */
type Parts = [begin: string[], who: string[], does: string[], what: string[], where: string[]];

const split = (words: string) => words.split('|').map((word) => word.trim());

const LANGUAGES: Record<string, Parts> = {
  en: [
    split(
      'At first|Before long|In the second half|Again and again|Much later|With great patience|Against all advice|By chance|Over one long winter|Step by step|Without a word|On the last evening',
    ),
    split(
      'a young clerk|the tired detective|her older sister|a travelling musician|the stubborn teacher|an unlucky gambler|the quiet neighbour|a retired sailor|the new doctor|a careful thief|the proud widow|an ambitious painter',
    ),
    split(
      'looks for|hides|gives away|remembers|repairs|questions|follows|sells|discovers|defends|misunderstands|borrows',
    ),
    split(
      'a letter that nobody wanted|the plan of an old house|some money from the harbour|the truth about the accident|a song from childhood|the trust of the whole town|an unfinished portrait|the last map of the valley|a promise made long ago|the keys of the theatre|a very small dog|the memory of the war',
    ),
    split(
      'in a town by the sea|behind the railway station|during the summer feast|under a false name|among strangers|on the edge of the desert|while the city sleeps|between two trains|in the shadow of the factory|near the frozen lake|with the help of friends|far away from home',
    ),
  ],
  pl: [
    split(
      'Na początku|Wkrótce potem|W drugiej połowie|Raz po raz|Znacznie później|Z wielką cierpliwością|Wbrew wszystkim radom|Przez przypadek|Podczas długiej zimy|Krok po kroku|Bez słowa|Ostatniego wieczoru',
    ),
    split(
      'młody urzędnik|zmęczony detektyw|jej starsza siostra|wędrowny muzyk|uparta nauczycielka|pechowy gracz|cichy sąsiad|emerytowany marynarz|nowy lekarz|ostrożny złodziej|dumna wdowa|ambitny malarz',
    ),
    split('szuka|ukrywa|oddaje|wspomina|naprawia|podważa|śledzi|sprzedaje|odkrywa|chroni|źle rozumie|pożycza'),
    split(
      'list, którego nikt nie chciał|plan starego domu|pieniądze z portu|prawdę o wypadku|piosenkę z dzieciństwa|zaufanie całego miasteczka|niedokończony portret|ostatnią mapę doliny|obietnicę sprzed lat|klucze do teatru|bardzo małego psa|pamięć o wojnie',
    ),
    split(
      'w mieście nad morzem|za dworcem kolejowym|podczas letniego święta|pod fałszywym nazwiskiem|wśród obcych ludzi|na skraju pustyni|gdy miasto śpi|między dwoma pociągami|w cieniu fabryki|nad zamarzniętym jeziorem|z pomocą przyjaciół|daleko od domu',
    ),
  ],
  de: [
    split(
      'Zunächst|Bald darauf|In der zweiten Hälfte|Immer wieder|Viel später|Mit großer Geduld|Gegen jeden Rat|Durch Zufall|In einem langen Winter|Schritt für Schritt|Ohne ein Wort|Am letzten Abend',
    ),
    split(
      'sucht ein junger Beamter|verbirgt der müde Ermittler|verschenkt ihre ältere Schwester|findet ein fahrender Musiker|verteidigt die sture Lehrerin|verliert ein glückloser Spieler|bewacht der stille Nachbar|verkauft ein alter Seemann|untersucht der neue Arzt|stiehlt ein vorsichtiger Dieb|vergisst die stolze Witwe|zeichnet ein ehrgeiziger Maler',
    ),
    split(
      'noch einmal|heimlich|gemeinsam mit anderen|aus Liebe|vor aller Augen|ohne zu zögern|nur für kurze Zeit|mit leichter Hand|trotz allem|wie durch ein Wunder|zum ersten Mal|am Ende doch',
    ),
    split(
      'einen Brief, den niemand wollte|den Plan eines alten Hauses|das Geld aus dem Hafen|die Wahrheit über den Unfall|ein Lied aus der Kindheit|das Vertrauen der ganzen Stadt|ein unfertiges Porträt|die letzte Karte des Tals|ein Versprechen von früher|die Schlüssel des Theaters|einen sehr kleinen Hund|die Erinnerung an den Krieg',
    ),
    split(
      'in einer Stadt am Meer|hinter dem Bahnhof|während des Sommerfestes|unter falschem Namen|unter lauter Fremden|am Rand der Wüste|während die Stadt schläft|zwischen zwei Zügen|im Schatten der Fabrik|am gefrorenen See|mit der Hilfe von Freunden|weit weg von zu Hause',
    ),
  ],
  fr: [
    split(
      'Au début|Peu après|Dans la seconde moitié|Encore et encore|Bien plus tard|Avec une grande patience|Contre tous les conseils|Par hasard|Pendant un long hiver|Pas à pas|Sans un mot|Le dernier soir',
    ),
    split(
      'un jeune employé|le détective fatigué|sa sœur aînée|un musicien ambulant|l’institutrice têtue|un joueur malchanceux|le voisin discret|un marin à la retraite|le nouveau médecin|un voleur prudent|la veuve fière|un peintre ambitieux',
    ),
    split('cherche|cache|donne|se rappelle|répare|met en doute|suit|vend|découvre|défend|comprend mal|emprunte'),
    split(
      'une lettre dont personne ne voulait|le plan d’une vieille maison|de l’argent venu du port|la vérité sur l’accident|une chanson de l’enfance|la confiance de toute la ville|un portrait inachevé|la dernière carte de la vallée|une promesse ancienne|les clés du théâtre|un tout petit chien|le souvenir de la guerre',
    ),
    split(
      'dans une ville au bord de la mer|derrière la gare|pendant la fête de l’été|sous un faux nom|parmi des inconnus|à la lisière du désert|tandis que la ville dort|entre deux trains|à l’ombre de l’usine|près du lac gelé|avec l’aide de ses amis|très loin de chez soi',
    ),
  ],
  es: [
    split(
      'Al principio|Poco después|En la segunda mitad|Una y otra vez|Mucho más tarde|Con gran paciencia|Contra todos los consejos|Por casualidad|Durante un largo invierno|Paso a paso|Sin una palabra|La última noche',
    ),
    split(
      'un joven empleado|el detective cansado|su hermana mayor|un músico ambulante|la maestra terca|un jugador sin suerte|el vecino callado|un marinero jubilado|el médico nuevo|un ladrón prudente|la viuda orgullosa|un pintor ambicioso',
    ),
    split('busca|esconde|regala|recuerda|repara|cuestiona|sigue|vende|descubre|defiende|entiende mal|pide prestada'),
    split(
      'una carta que nadie quería|el plano de una casa vieja|el dinero del puerto|la verdad sobre el accidente|una canción de la infancia|la confianza de todo el pueblo|un retrato inacabado|el último mapa del valle|una promesa de hace años|las llaves del teatro|un perro muy pequeño|la memoria de la guerra',
    ),
    split(
      'en una ciudad junto al mar|detrás de la estación|durante la fiesta de verano|con un nombre falso|entre desconocidos|al borde del desierto|mientras la ciudad duerme|entre dos trenes|a la sombra de la fábrica|cerca del lago helado|con la ayuda de sus amigos|muy lejos de casa',
    ),
  ],
};

const SENTENCES = 8;
const WORDS = 12;

/** A text of some 100 words of the language of a locale, in no order: another for each seed, and none like another. */
export function prose(locale: string, seed: string): string {
  const tongue = Object.keys(TONGUES).find((tag) => tag.slice(0, 2) === locale.slice(0, 2));
  if (tongue) return TONGUES[TONGUES[locale] ? locale : tongue]!.fit;
  const parts = LANGUAGES[locale.slice(0, 2)] ?? LANGUAGES.en!;
  const words = [...new Set(parts.flat().flatMap((part) => part.replace(/[.,]/g, '').split(' ')))];
  const random = new Random(createHash('sha256').update(`${locale} ${seed}`).digest().readUInt32LE(0));
  const sentences = Array.from({ length: SENTENCES }, () =>
    Array.from({ length: WORDS }, () => random.pick(words)).join(' '),
  );
  return sentences.map((sentence) => `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`).join(' ');
}
