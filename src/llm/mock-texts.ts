/** The label that says what a text is, and five sentences for each of its places. `%` is the subject. */
export interface Sample {
  label: string;
  places: readonly (readonly string[])[];
}

/**
 * Sample texts of right length and language. Any choice of one sentence a place reads as a text.
 * So texts of two tones or versions have one sentence in common at most.
 */
export const FIRST_SAMPLES = {
  'en-US': {
    label: 'Mock text',
    places: [
      [
        'This sample stands in for “%” and tells nothing true about it, because no model was asked to write.',
        'Where a reader would look for “%” there are only these lines, which fill the page until a model works.',
        'No library was searched and no critic consulted for “%”, so take every word that follows as stuffing.',
        'A page about “%” belongs here one day; for now the space is kept warm by a handful of spare sentences.',
        'Anybody who hopes to learn something of “%” has come too early, since nothing has been written so far.',
      ],
      [
        'It has the length of a real entry, so that lists, pages and searches can be tried with honest sizes.',
        'Somebody who builds a site can see how a paragraph of this kind breaks on a narrow screen or a wide one.',
        'Its words are plain on purpose, for they should never be mistaken for the work of an author who cares.',
        'Between these lines you will find neither a story nor an opinion, only a steady rhythm of simple phrases.',
        'What you see has been put together from a short list of phrases, in an order that a number has chosen.',
      ],
      [
        'The same question brings the same lines again, which makes tests calm and differences easy to notice.',
        'Another manner or a later version picks other phrases, exactly as a real writer would avoid an old page.',
        'Nothing leaves this machine on the way: there is no bill to pay, no key to lose and no line to wait for.',
        'Every name that appears beside it was invented as well, and likenesses to living people are accidents.',
        'It speaks one language from start to finish, because the checks that guard real texts read this one too.',
      ],
      [
        'Whoever keeps a catalogue may delete it at any time and lose nothing but a few seconds of idle machinery.',
        'Think of the cardboard cakes in the window of a bakery: they show the shape, and nobody should eat them.',
        'A painter would call it underpainting, a carpenter a template, and a cook the empty plate before dinner.',
        'Please do not quote it, translate it or praise it, however quiet the evening and however long the queue.',
        'It was delivered through the ordinary queue, with the tries, leases and messages that all others receive.',
      ],
      [
        'With OPENAI_API_KEY in the settings a language model takes over, and this mock text makes room for it.',
        'Set OPENAI_API_KEY, or the address of a compatible server, and the next version will deserve its reader.',
        'As soon as OPENAI_API_KEY is given and the server started anew, real prose replaces what stands here.',
        'Real writing begins with OPENAI_API_KEY; until then each entry in the catalogue looks more or less so.',
        'To have a proper entry written, give the server OPENAI_API_KEY and ask once more for the same subject.',
      ],
    ],
  },
  'pl-PL': {
    label: 'Tekst próbny',
    places: [
      [
        'Ten przykładowy wpis zajmuje miejsce tekstu o „%” i nie mówi o nim niczego prawdziwego, bo nikt go nie pisał.',
        'Kto szuka wiadomości o „%”, znajdzie tu na razie tylko kilka zdań, które wypełniają pustą stronę katalogu.',
        'Na potrzeby „%” nie otwarto żadnej encyklopedii ani nie zapytano krytyka, więc poniższe słowa są ' +
          'wypełniaczem.',
        'Strona poświęcona „%” kiedyś tutaj powstanie; tymczasem miejsca pilnuje garść zapasowych zdań bez znaczenia.',
        'Czytelnik ciekawy „%” przyszedł trochę za wcześnie, ponieważ do tej pory niczego prawdziwego nie napisano.',
      ],
      [
        'Wpis ma długość zwykłego opisu, dzięki czemu listy, strony i wyszukiwanie można sprawdzić w naturalnej skali.',
        'Twórca serwisu zobaczy, jak taki akapit łamie się na wąskim ekranie telefonu oraz na szerokim monitorze.',
        'Słowa są celowo zwyczajne, żeby nikt nie pomylił ich z pracą autora, któremu naprawdę zależało na temacie.',
        'Pomiędzy tymi wierszami nie kryje się żadna historia ani opinia, jest tylko spokojny rytm prostych zdań.',
        'To, co widać, złożono z krótkiej listy gotowych zdań, ułożonych w kolejności wybranej przez zwykłą liczbę.',
      ],
      [
        'To samo pytanie przynosi zawsze te same wiersze, dlatego testy są spokojne, a różnice łatwo zauważyć.',
        'Inny ton albo późniejsza wersja dobiera inne zdania, tak jak prawdziwy autor unikałby starej strony.',
        'Po drodze nic nie opuszcza tego komputera: nie ma rachunku, klucza do zgubienia ani kolejki u dostawcy.',
        'Każde nazwisko, które pojawia się obok, również wymyślono, a podobieństwo do żyjących osób jest przypadkowe.',
        'Całość trzyma się jednego języka, ponieważ strażnicy prawdziwych tekstów czytają uważnie także i ten.',
      ],
      [
        'Właściciel katalogu może go w każdej chwili usunąć i straci najwyżej parę sekund pracy bezczynnej maszyny.',
        'Przypomina tekturowe torty z wystawy cukierni: pokazują kształt, lecz nikt rozsądny nie powinien ich jeść.',
        'Malarz nazwałby to podmalówką, stolarz szablonem, a kucharz pustym talerzem czekającym na kolację.',
        'Prosimy tego nie cytować, nie tłumaczyć i nie chwalić, choćby wieczór był cichy, a kolejka bardzo długa.',
        'Dotarł tutaj zwykłą kolejką, razem z próbami, dzierżawami i powiadomieniami, które dostają wszystkie inne.',
      ],
      [
        'Gdy w ustawieniach pojawi się OPENAI_API_KEY, pióro przejmie model językowy, a tekst próbny ustąpi miejsca.',
        'Wystarczy ustawić OPENAI_API_KEY lub adres zgodnego serwera, aby kolejna wersja była warta czytelnika.',
        'Po podaniu OPENAI_API_KEY i ponownym uruchomieniu serwera prawdziwa proza zastąpi to, co stoi tutaj.',
        'Prawdziwe pisanie zaczyna się od OPENAI_API_KEY; do tego czasu każdy wpis w katalogu wygląda podobnie.',
        'Aby powstał porządny opis, podaj serwerowi OPENAI_API_KEY i jeszcze raz poproś o dokładnie ten sam temat.',
      ],
    ],
  },
  'de-DE': {
    label: 'Mustertext',
    places: [
      [
        'Dieses Muster steht an der Stelle von „%“ und erzählt nichts Wahres darüber, denn geschrieben hat es niemand.',
        'Wer hier etwas über „%“ sucht, findet vorerst nur ein paar Sätze, die eine leere Seite des Katalogs füllen.',
        'Für „%“ wurde kein Lexikon aufgeschlagen und keine Kritikerin befragt, also ist alles Folgende Füllmaterial.',
        'Eine Seite über „%“ wird hier eines Tages stehen; bis dahin hüten einige übrige Sätze den freien Platz.',
        'Leserinnen und Leser, die „%“ kennenlernen möchten, kommen zu früh, weil noch nichts Echtes entstanden ist.',
      ],
      [
        'Der Eintrag ist so lang wie ein richtiger, damit sich Listen, Seiten und Suche in wahrer Größe prüfen lassen.',
        'Wer eine Website baut, sieht daran, wie ein solcher Absatz auf schmalen und auf breiten Bildschirmen ' +
          'umbricht.',
        'Die Wörter sind mit Absicht schlicht, damit sie niemand mit der Arbeit eines sorgfältigen Autors verwechselt.',
        'Zwischen diesen Zeilen steckt weder eine Geschichte noch eine Meinung, nur der ruhige Takt einfacher Sätze.',
        'Was man sieht, wurde aus einer kurzen Liste fertiger Sätze gebaut, deren Reihenfolge eine Zahl bestimmt hat.',
      ],
      [
        'Dieselbe Frage bringt immer dieselben Zeilen, wodurch Prüfungen ruhig laufen und Unterschiede gleich ' +
          'auffallen.',
        'Ein anderer Ton oder eine spätere Fassung wählt andere Sätze, wie auch ein Mensch die alte Seite vermiede.',
        'Unterwegs verlässt nichts diesen Rechner: Es gibt keine Rechnung, keinen Schlüssel und kein langes Warten.',
        'Jeder Name, der daneben auftaucht, ist ebenfalls erfunden, und Ähnlichkeiten mit Lebenden sind reiner Zufall.',
        'Alles bleibt von Anfang bis Ende in einer Sprache, weil die Wächter echter Texte auch diesen genau lesen.',
      ],
      [
        'Wer den Katalog pflegt, darf ihn jederzeit löschen und verliert dabei nur wenige Sekunden müßiger Rechenzeit.',
        'Man denke an Torten aus Pappe im Schaufenster einer Bäckerei: Sie zeigen die Form, essen sollte sie keiner.',
        'Eine Malerin spräche von der Untermalung, ein Tischler von der Schablone, der Koch vom noch leeren Teller.',
        'Bitte weder zitieren noch übersetzen oder loben, so still der Abend und so lang die Warteschlange auch sei.',
        'Er kam durch die gewöhnliche Warteschlange, mit Versuchen, Fristen und Nachrichten wie alle übrigen auch.',
      ],
      [
        'Steht OPENAI_API_KEY in den Einstellungen, übernimmt ein Sprachmodell, und dieser Mustertext macht ihm Platz.',
        'Mit OPENAI_API_KEY oder der Adresse eines passenden Servers wird die nächste Fassung ihre Leser verdienen.',
        'Sobald OPENAI_API_KEY gesetzt und der Server neu gestartet ist, ersetzt echte Prosa das, was hier noch steht.',
        'Das eigentliche Schreiben beginnt mit OPENAI_API_KEY; bis dahin sehen alle Einträge im Katalog etwa so aus.',
        'Für einen ordentlichen Eintrag braucht der Server OPENAI_API_KEY und danach dieselbe Bitte noch ein Mal.',
      ],
    ],
  },
  'fr-FR': {
    label: 'Texte factice',
    places: [
      [
        'Cet échantillon occupe la place de « % » et n’en dit rien de vrai, puisque personne ne l’a réellement rédigé.',
        'Celui qui cherche des nouvelles de « % » ne trouvera ici que quelques phrases, venues remplir une page vide.',
        'Pour « % », aucun dictionnaire n’a été ouvert ni aucun critique interrogé : tout ce qui suit est du ' +
          'remplissage.',
        'Une page sur « % » naîtra ici un jour ; en attendant, une poignée de phrases en réserve garde la place libre.',
        'Le lecteur curieux de « % » arrive un peu trop tôt, car rien de véritable n’a été écrit jusqu’à maintenant.',
      ],
      [
        'Il a la longueur d’une vraie notice, afin que les listes, les pages et la recherche soient essayées à ' +
          'leur taille.',
        'Qui construit un site y verra comment un tel paragraphe se coupe sur un écran étroit ou sur un écran large.',
        'Les mots en sont volontairement simples, pour que nul ne les confonde avec le travail d’un auteur appliqué.',
        'Entre ces lignes ne se cache ni histoire ni opinion, seulement le rythme tranquille de quelques phrases.',
        'Ce que l’on voit fut assemblé à partir d’une courte liste de phrases, dans un ordre choisi par un nombre.',
      ],
      [
        'La même question ramène toujours les mêmes lignes, ce qui rend les essais calmes et les écarts visibles.',
        'Un autre ton ou une version ultérieure choisit d’autres phrases, comme un écrivain éviterait sa vieille page.',
        'Rien ne quitte cette machine en chemin : pas de facture à payer, pas de clé à perdre, pas de file d’attente.',
        'Chaque nom qui paraît à côté est inventé lui aussi, et toute ressemblance avec des vivants relève du hasard.',
        'Tout reste dans une seule langue du début à la fin, car les gardiens des vrais textes lisent aussi celui-ci.',
      ],
      [
        'Le responsable du catalogue peut l’effacer quand il veut et n’y perdra que deux ou trois secondes de machine.',
        'Que l’on songe aux gâteaux en carton des vitrines : ils montrent la forme, et il vaut mieux ne pas y goûter.',
        'Un peintre parlerait de sous-couche, un menuisier de gabarit, et un cuisinier de l’assiette avant le repas.',
        'Merci de ne pas le citer, le traduire ni le louer, si calme que soit la soirée et si longue que soit la file.',
        'Il est venu par la file ordinaire, avec les essais, les baux et les messages que reçoivent tous les autres.',
      ],
      [
        'Avec OPENAI_API_KEY dans les réglages, un modèle de langage prend la plume et ce texte factice lui cède ' +
          'la place.',
        'Il suffit de définir OPENAI_API_KEY ou l’adresse d’un serveur compatible pour que la suite mérite son ' +
          'lecteur.',
        'Dès que OPENAI_API_KEY est donnée et le serveur relancé, une prose véritable remplace ce qui se trouve ici.',
        'La vraie écriture commence avec OPENAI_API_KEY ; d’ici là, chaque notice du catalogue ressemble à celle-ci.',
        'Pour obtenir une notice convenable, donnez OPENAI_API_KEY au serveur et demandez une fois encore ce sujet.',
      ],
    ],
  },
  'es-ES': {
    label: 'Texto de prueba',
    places: [
      [
        'Esta muestra ocupa el lugar de «%» y no cuenta nada verdadero, porque en realidad nadie la ha escrito ' +
          'todavía.',
        'Quien busque noticias de «%» encontrará por ahora unas pocas frases que llenan una página vacía del catálogo.',
        'Para «%» no se abrió ninguna enciclopedia ni se preguntó a la crítica, así que todo lo que sigue es relleno.',
        'Una página sobre «%» nacerá aquí algún día; mientras tanto, unas frases sobrantes le guardan bien el sitio.',
        'El lector que desee conocer «%» ha llegado demasiado pronto, pues hasta hoy no se ha redactado nada ' +
          'auténtico.',
      ],
      [
        'Tiene la extensión de una ficha normal, para que listas, páginas y búsquedas se prueben en su tamaño real.',
        'Quien construye una web puede ver cómo se parte un párrafo así en una pantalla estrecha o en una muy ancha.',
        'Sus palabras son sencillas a propósito, de modo que nadie las confunda con el trabajo de un buen autor.',
        'Entre estas líneas no se esconde ninguna historia ni opinión, solo el ritmo tranquilo de unas frases simples.',
        'Lo que se ve fue montado con una lista corta de frases hechas, en el orden que un simple número ha elegido.',
      ],
      [
        'La misma pregunta trae siempre las mismas líneas, y por eso las pruebas son serenas y se nota lo que cambia.',
        'Otro tono o una versión posterior escoge frases distintas, igual que un escritor evitaría su página antigua.',
        'Nada sale de esta máquina por el camino: no hay factura que pagar, ni clave que perder, ni cola que aguantar.',
        'Cada nombre que aparece al lado también es inventado, y el parecido con personas vivas es pura casualidad.',
        'Todo sigue en un solo idioma desde el principio, ya que los guardianes de los textos leen también este mismo.',
      ],
      [
        'Quien cuida el catálogo puede borrarla cuando quiera, y perderá como mucho unos segundos de máquina ociosa.',
        'Recuerda a las tartas de cartón de los escaparates: enseñan la forma, pero no conviene que nadie las pruebe.',
        'Un pintor hablaría de la base, un carpintero de la plantilla, y un cocinero del plato vacío antes de cenar.',
        'Se ruega no citarla, traducirla ni alabarla, por muy quieta que sea la noche y por larga que resulte la fila.',
        'Ha venido por la cola de costumbre, con los intentos, plazos y avisos que reciben por igual todas las demás.',
      ],
      [
        'Con OPENAI_API_KEY en los ajustes, un modelo de lenguaje toma la pluma y este texto de prueba le deja ' +
          'el sitio.',
        'Basta con definir OPENAI_API_KEY o la dirección de un servidor compatible para que la próxima merezca ' +
          'lectores.',
        'En cuanto se indique OPENAI_API_KEY y el servidor arranque de nuevo, una prosa verdadera reemplazará ' +
          'todo esto.',
        'La escritura de verdad empieza con OPENAI_API_KEY; hasta entonces cada ficha del catálogo se parece a esta.',
        'Si hace falta una ficha como es debido, dé al servidor OPENAI_API_KEY y pida después otra vez el mismo ' +
          'asunto.',
      ],
    ],
  },
} satisfies Record<string, Sample>;
