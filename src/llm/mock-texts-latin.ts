/** Sample texts in Latin letters: the label, then the places, a sentence a line. `%` is the subject. */
export const LATIN_TEXTS = {
  'ca-ES': `
Text de mostra

Aquesta mostra ocupa el lloc de «%» i no en diu res de cert, perquè ningú no l’ha escrita encara.
Qui busqui notícies de «%» només trobarà aquí unes quantes frases que omplen una pàgina buida del catàleg.
Per a «%» no s’ha obert cap llibre ni s’ha preguntat a la crítica, i tot això és farciment.
Una pàgina sobre «%» naixerà aquí algun dia; mentrestant, unes frases de sobres li guarden el lloc.
El lector que vulgui conèixer «%» ha arribat massa d’hora, ja que encara no s’ha redactat res d’autèntic.

Té la llargada d’una fitxa normal, perquè les llistes, les pàgines i la cerca es provin a mida real.
Qui construeix un web pot veure com es talla un paràgraf així en una pantalla estreta o ampla.
Les paraules són senzilles a propòsit, perquè ningú no les confongui amb la feina d’un bon autor.
Entre aquestes línies no s’amaga cap història ni cap opinió, només el ritme tranquil de frases simples.
El que es veu s’ha muntat amb una llista curta de frases, en l’ordre que ha triat un nombre.

La mateixa pregunta porta sempre les mateixes línies, i així les proves són serenes i els canvis es noten.
Un altre to o una versió posterior tria frases diferents, com un escriptor que evita la seva pàgina antiga.
Res no surt d’aquesta màquina pel camí: no hi ha cap factura per pagar ni cap clau per perdre.
Cada nom que apareix al costat també és inventat, i la semblança amb persones vives és pura casualitat.
Qui cuida el catàleg pot esborrar-la quan vulgui, i hi perdrà com a molt uns quants segons de feina.

Amb OPENAI_API_KEY a la configuració, un model de llenguatge agafa la ploma i aquest text li cedeix el lloc.
N’hi ha prou de definir OPENAI_API_KEY o l’adreça d’un servidor compatible perquè la pròxima versió sigui millor.
Quan s’indiqui OPENAI_API_KEY i el servidor torni a arrencar, una prosa de debò substituirà aquestes línies.
L’escriptura de veritat comença amb OPENAI_API_KEY; fins aleshores totes les fitxes del catàleg s’assemblen a aquesta.
Per tenir una fitxa com cal, doneu al servidor OPENAI_API_KEY i demaneu després una altra vegada el mateix tema.
`,
  'cs-CZ': `
Zkušební text

Tato ukázka stojí na místě textu o „%“ a neříká o něm nic pravdivého, protože ho nikdo nenapsal.
Kdo hledá zprávy o „%“, najde tady zatím jen několik vět, které vyplňují prázdnou stránku katalogu.
Kvůli „%“ se neotevřela žádná kniha a nikdo se nezeptal kritiky, takže všechno další je jen výplň.
Stránka o „%“ tu jednou vznikne; do té doby hlídá volné místo pár zbylých vět bez významu.
Čtenář zvědavý na „%“ přišel trochu brzy, protože až dosud nebylo napsáno vůbec nic skutečného.

Má délku běžného popisu, aby se seznamy, stránky i vyhledávání daly vyzkoušet v jejich skutečné velikosti.
Kdo staví web, uvidí, jak se takový odstavec zalomí na úzkém displeji telefonu i na široké obrazovce.
Slova jsou schválně obyčejná, aby si je nikdo nespletl s prací autora, kterému na věci opravdu záleží.
Mezi těmito řádky se neskrývá žádný příběh ani názor, je tu jen klidný rytmus jednoduchých vět.
To, co je vidět, se složilo z krátkého seznamu hotových vět v pořadí, které vybralo obyčejné číslo.

Stejná otázka přináší vždy stejné řádky, díky čemuž jsou zkoušky klidné a rozdíly je snadné poznat.
Jiný tón nebo pozdější verze vybere jiné věty, stejně jako by se spisovatel vyhnul své staré stránce.
Cestou neopouští tento počítač vůbec nic: není tu účet k zaplacení ani klíč, který by šlo ztratit.
Každé jméno, které se objeví vedle, je také vymyšlené a podobnost s žijícími lidmi je čistě náhodná.
Kdo se o katalog stará, může ho kdykoli smazat a přijde přitom nanejvýš o pár vteřin práce.

Jakmile bude v nastavení OPENAI_API_KEY, převezme pero jazykový model a tento text mu uvolní místo.
Stačí nastavit OPENAI_API_KEY nebo adresu vhodného serveru, aby příští verze stála čtenáři opravdu za to.
Až bude zadán OPENAI_API_KEY a server se znovu spustí, nahradí skutečná próza všechno, co tu teď stojí.
Opravdové psaní začíná s OPENAI_API_KEY; do té doby vypadají všechny popisy v katalogu zhruba takto.
Pro pořádný popis dejte serveru OPENAI_API_KEY a potom ho ještě jednou požádejte o přesně stejné téma.
`,
  'da-DK': `
Prøvetekst

Denne prøve står i stedet for en tekst om »%« og fortæller intet sandt, for ingen har skrevet den endnu.
Den, der leder efter noget om »%«, finder her kun nogle få sætninger, som fylder en tom side.
Til »%« blev der ikke slået op i nogen bog eller spurgt nogen kritiker, så resten er kun fyld.
En side om »%« kommer til at stå her en dag; indtil da passer nogle overskydende sætninger på pladsen.
Læseren, der er nysgerrig efter »%«, er kommet lidt for tidligt, fordi der endnu intet er skrevet.

Den er lige så lang som en rigtig beskrivelse, så lister, sider og søgning kan afprøves i fuld størrelse.
Den, der bygger et websted, kan se, hvordan sådan et afsnit brydes på en smal og en bred skærm.
Ordene er enkle med vilje, så ingen forveksler dem med arbejdet fra en forfatter, der gør sig umage.
Mellem disse linjer gemmer der sig hverken en historie eller en mening, kun den rolige rytme af sætninger.
Det, man ser, er sat sammen af en kort liste med sætninger i en rækkefølge, som et tal har valgt.

Det samme spørgsmål giver altid de samme linjer, og derfor er prøverne rolige og forskelle lette at se.
En anden tone eller en senere udgave vælger andre sætninger, ligesom en forfatter ville undgå sin gamle side.
Intet forlader denne maskine undervejs: der er ingen regning at betale og ingen nøgle, man kan miste.
Hvert navn, der dukker op ved siden af, er også opdigtet, og ligheder med levende mennesker er tilfældige.
Den, der passer kataloget, kan slette den når som helst og mister højst nogle få sekunders arbejde.

Med OPENAI_API_KEY i indstillingerne tager en sprogmodel over, og denne prøvetekst giver plads til den.
Det er nok at angive OPENAI_API_KEY eller adressen på en passende server, før den næste udgave bliver bedre.
Så snart OPENAI_API_KEY er angivet og serveren startet igen, afløser rigtig prosa det, der står her.
Det rigtige skriveri begynder med OPENAI_API_KEY; indtil da ligner alle beskrivelser i kataloget denne her.
For at få en ordentlig beskrivelse skal serveren have OPENAI_API_KEY og derefter spørges om det samme igen.
`,
  'et-EE': `
Proovitekst

See näidis seisab „%“ kohal ega ütle selle kohta midagi tõest, sest keegi ei ole seda veel kirjutanud.
Kes otsib siit teadmisi „%“ kohta, leiab esialgu ainult mõne lause, mis täidavad kataloogi tühja lehte.
Selleks, et kirjutada „%“ kohta, ei avatud ühtegi raamatut ega küsitud kriitikult, nii et kõik järgnev on täide.
Kunagi tekib siia leht, mis räägib „%“ kohta; seni hoiavad seda kohta mõned üle jäänud laused.
Lugeja, kes tahab „%“ kohta midagi teada, tuli natuke liiga vara, sest midagi päris pole veel kirjutatud.

See on sama pikk kui päris kirjeldus, et loendeid, lehti ja otsingut saaks proovida õiges suuruses.
Kes ehitab veebilehte, näeb siit, kuidas selline lõik murdub kitsal ja kuidas laial ekraanil.
Sõnad on meelega lihtsad, et keegi ei peaks neid hoolika autori tööks, kellele teema korda läheb.
Nende ridade vahel ei ole peidus ühtegi lugu ega arvamust, on ainult lihtsate lausete rahulik rütm.
See, mida näete, on kokku pandud lühikesest lausete loendist järjekorras, mille valis üks tavaline arv.

Sama küsimus toob alati samad read, mistõttu on katsed rahulikud ja erinevusi on kerge märgata.
Teine toon või hilisem versioon valib teised laused, just nagu kirjanik väldiks oma vana lehekülge.
Miski ei lahku teel sellest arvutist: ei ole arvet, mida maksta, ega võtit, mida kaotada.
Iga nimi, mis selle kõrvale ilmub, on samuti välja mõeldud ja sarnasus elavate inimestega juhuslik.
Kes kataloogi hoiab, võib selle igal ajal kustutada ja kaotab kõige rohkem paar sekundit tööd.

Mõelge papist tortidele pagariäri aknal: need näitavad küll kuju, aga keegi ei peaks neid sööma.
Maalija nimetaks seda visandiks, puusepp šablooniks ja kokk tühjaks taldrikuks, mis ootab õhtusööki.
Palun ärge seda tsiteerige, tõlkige ega kiitke, olgu õhtu nii vaikne ja pikk kui tahes.
See tuli siia tavalise järjekorra kaudu, samade katsete ja teadetega nagu kõik teised selles kataloogis.
Algusest lõpuni on see ühes keeles, sest päris tekstide valvurid loevad hoolega ka seda siin.

Kui seadetes on OPENAI_API_KEY, võtab sule üle keelemudel ja see proovitekst annab talle ruumi.
Piisab, kui määrata OPENAI_API_KEY või sobiva serveri aadress, et järgmine versioon oleks lugejat väärt.
Niipea kui OPENAI_API_KEY on antud ja server uuesti käivitatud, asendab päris proosa seda, mis siin seisab.
Tõeline kirjutamine algab siis, kui on OPENAI_API_KEY; seni näevad kõik kataloogi kirjeldused umbes sellised välja.
Korraliku kirjelduse saamiseks andke serverile OPENAI_API_KEY ja küsige siis veel kord täpselt sama teemat.
`,
  'fi-FI': `
Malliteksti

Tämä näyte on paikassa, johon kuuluu ”%”, eikä se kerro siitä mitään totta, koska kukaan ei ole kirjoittanut.
Joka etsii tietoa aiheesta ”%”, löytää täältä toistaiseksi vain muutaman lauseen, jotka täyttävät tyhjän sivun.
Aihetta ”%” varten ei avattu yhtään kirjaa eikä kysytty kriitikoilta, joten kaikki seuraava on pelkkää täytettä.
Sivu, jonka aihe on ”%”, syntyy tähän vielä joskus; siihen asti paikkaa vartioi muutama ylimääräinen lause.
Lukija, jota kiinnostaa ”%”, on tullut hiukan liian aikaisin, sillä mitään aitoa ei ole vielä kirjoitettu.

Se on yhtä pitkä kuin oikea kuvaus, jotta luetteloita, sivuja ja hakua voi kokeilla oikeassa koossa.
Joka rakentaa sivustoa, näkee tästä, miten tällainen kappale rivittyy kapealla ja miten leveällä näytöllä.
Sanat ovat tarkoituksella arkisia, jotta kukaan ei luule niitä huolellisen kirjailijan työksi.
Näiden rivien välissä ei ole tarinaa eikä mielipidettä, on vain yksinkertaisten lauseiden rauhallinen rytmi.
Se, mitä näkyy, on koottu lyhyestä lauseiden luettelosta järjestyksessä, jonka jokin luku on valinnut.

Sama kysymys tuo aina samat rivit, minkä vuoksi kokeet ovat rauhallisia ja erot on helppo huomata.
Toinen sävy tai myöhempi versio valitsee toiset lauseet, aivan kuten kirjailija välttäisi vanhaa sivuaan.
Mikään ei poistu matkalla tästä koneesta: ei ole laskua, joka pitäisi maksaa, eikä avainta hukattavaksi.
Jokainen nimi, joka näkyy vieressä, on myös keksitty, ja yhtäläisyys eläviin ihmisiin on sattumaa.
Luettelon ylläpitäjä saa poistaa sen milloin tahansa ja menettää siinä korkeintaan pari sekuntia työtä.

Ajattele pahvisia kakkuja leipomon ikkunassa: ne näyttävät kyllä muodon, mutta kenenkään ei pidä syödä niitä.
Maalari sanoisi sitä luonnokseksi, puuseppä malliksi ja kokki tyhjäksi lautaseksi, joka odottaa illallista.
Älä lainaa, käännä tai kehu sitä, olipa ilta kuinka hiljainen ja jono kuinka pitkä tahansa.
Se tuli tänne tavallisen jonon kautta, samoin yrityksin ja viestein kuin kaikki muutkin tekstit.
Se pysyy alusta loppuun yhdellä kielellä, koska oikeiden tekstien vartijat lukevat tarkasti myös tämän.

Kun asetuksissa on OPENAI_API_KEY, kielimalli ottaa kynän ja tämä malliteksti antaa sille tilaa.
Riittää, että asetetaan OPENAI_API_KEY tai sopivan palvelimen osoite, niin seuraava versio ansaitsee lukijansa.
Heti kun OPENAI_API_KEY on annettu ja palvelin käynnistetty uudelleen, aito proosa korvaa sen, mitä tässä on.
Oikea kirjoittaminen alkaa, kun on OPENAI_API_KEY; siihen asti kaikki luettelon kuvaukset näyttävät tällaisilta.
Jos haluat kunnollisen kuvauksen, anna palvelimelle OPENAI_API_KEY ja pyydä sitten vielä kerran samaa aihetta.
`,
  'hr-HR': `
Probni tekst

Ovaj primjer stoji umjesto teksta o „%” i ne govori ništa istinito, jer ga zapravo nitko još nije napisao.
Tko ovdje traži nešto o „%”, zasad će naći samo nekoliko rečenica koje ispunjavaju praznu stranicu kataloga.
Za „%” nije otvorena nijedna knjiga niti je itko pitao kritičare, pa je sve što slijedi samo ispuna.
Stranica o „%” jednoga će dana stajati ovdje; dotad slobodno mjesto čuva nekoliko suvišnih rečenica bez značenja.
Čitatelj kojega zanima „%” došao je malo prerano, budući da dosad još ništa stvarno nije napisano.

Dugačak je kao pravi opis, kako bi se popisi, stranice i pretraga mogli isprobati u svojoj stvarnoj veličini.
Tko gradi mrežno mjesto, može vidjeti kako se takav odlomak lomi na uskom i na širokom zaslonu.
Riječi su namjerno jednostavne, kako ih nitko ne bi zamijenio s djelom pisca kojemu je doista stalo.
Između ovih redaka ne krije se nikakva priča ni mišljenje, nego samo miran ritam sasvim jednostavnih rečenica.
Ono što se vidi složeno je iz kratkog popisa gotovih rečenica, redom koji je odabrao običan broj.

Isto pitanje uvijek donosi iste retke, zbog čega su provjere mirne, a razlike se lako mogu uočiti.
Drugi ton ili kasnija inačica bira druge rečenice, kao što bi i pisac izbjegavao svoju staru stranicu.
Ništa putem ne napušta ovo računalo: nema računa koji treba platiti ni ključa koji bi se izgubio.
Svako ime koje se pojavi pokraj njega također je izmišljeno, a sličnost sa živim ljudima posve je slučajna.
Tko se brine za katalog, smije ga obrisati kad god želi i izgubit će najviše nekoliko sekundi rada.

Kad se u postavkama nađe OPENAI_API_KEY, pero preuzima jezični model, a ovaj mu probni tekst ustupa mjesto.
Dovoljno je postaviti OPENAI_API_KEY ili adresu prikladnog poslužitelja da bi sljedeća inačica bila vrijedna čitatelja.
Čim se zada OPENAI_API_KEY i poslužitelj ponovno pokrene, prava će proza zamijeniti sve što sada ovdje stoji.
Pravo pisanje počinje s OPENAI_API_KEY; do tada svi opisi u katalogu izgledaju otprilike kao što izgleda ovaj.
Za pristojan opis dajte poslužitelju OPENAI_API_KEY, a zatim ga još jednom zamolite za posve istu temu.
`,
  'hu-HU': `
Mintaszöveg

Ez a minta áll annak a szövegnek a helyén, amely „%” címmel készülne, és semmi igazat nem mond.
Aki erről keres valamit: „%”, egyelőre csak néhány mondatot talál, amelyek a katalógus egy üres oldalát töltik ki.
Ehhez: „%”, senki sem nyitott ki könyvet és nem kérdezett meg kritikust, így minden további csak töltelék.
Egyszer majd itt lesz egy oldal, amelynek tárgya „%”; addig néhány fölös mondat őrzi az üres helyet.
Az olvasó, akit érdekel, mi az a „%”, kicsit korán érkezett, mert még semmi valódit nem írtak.

Olyan hosszú, mint egy igazi leírás, hogy a listákat, az oldalakat és a keresést valódi méretben lehessen kipróbálni.
Aki honlapot épít, láthatja, hogyan törik egy ilyen bekezdés a keskeny és hogyan a széles képernyőn.
A szavak szándékosan egyszerűek, hogy senki se tévessze össze őket egy gondos szerző igazi munkájával.
E sorok között nincs sem történet, sem vélemény, csak az egyszerű mondatok nyugodt és egyenletes üteme.
Ami itt látható, az egy rövid listából állt össze, olyan sorrendben, amelyet egy egyszerű szám választott ki.

Ugyanaz a kérdés mindig ugyanazokat a sorokat hozza, ezért a próbák nyugodtak, és a különbség könnyen észrevehető.
Egy másik hangnem vagy egy későbbi változat más mondatokat választ, ahogy egy író is kerülné a régi oldalát.
Útközben semmi sem hagyja el ezt a gépet: nincs számla, amelyet ki kell fizetni, és nincs elveszíthető kulcs.
Minden név, amely mellette megjelenik, szintén kitalált, és az élőkkel való hasonlóság csak a véletlen műve.
Aki a katalógust gondozza, bármikor törölheti, és legfeljebb néhány másodpercnyi gépi munkát veszít vele.

Gondoljunk a cukrászda ablakában álló papírtortákra: megmutatják ugyan a formát, de enni senkinek sem kellene belőlük.
Egy festő vázlatnak nevezné, egy asztalos sablonnak, egy szakács pedig üres tányérnak a vacsora előtt.
Kérjük, senki ne idézze, ne fordítsa le és ne dicsérje, bármilyen hosszú és csendes is az este.
A szokásos soron át érkezett, ugyanazokkal a próbákkal és üzenetekkel, mint az összes többi szöveg.
Elejétől a végéig egyetlen nyelven marad, mert az igazi szövegek őrei ezt is figyelmesen elolvassák.

Ha a beállítások között ott van az OPENAI_API_KEY, egy nyelvi modell veszi át a tollat ettől a szövegtől.
Elég megadni az OPENAI_API_KEY értékét vagy egy megfelelő kiszolgáló címét, és a következő változat már jobb lesz.
Amint megvan az OPENAI_API_KEY, és a kiszolgáló újra elindult, igazi próza lép annak a helyére, ami itt áll.
Az igazi írás ott kezdődik, hogy van OPENAI_API_KEY; addig a katalógus minden leírása nagyjából ilyen.
Rendes leíráshoz adja meg a kiszolgálónak az OPENAI_API_KEY értékét, aztán kérje még egyszer ugyanazt.
`,
  'id-ID': `
Teks contoh

Contoh ini menempati halaman untuk “%” dan tidak mengatakan hal yang benar, karena belum ada yang menulisnya.
Siapa pun yang mencari sesuatu tentang “%” hanya akan menemukan beberapa kalimat yang mengisi halaman kosong ini.
Untuk “%” tidak ada buku yang dibuka dan tidak ada kritikus yang ditanya, jadi semua ini hanya pengisi.
Halaman tentang “%” akan ada di sini suatu hari nanti; sementara itu beberapa kalimat cadangan menjaga tempatnya.
Pembaca yang ingin tahu tentang “%” datang terlalu cepat, sebab sampai sekarang belum ada yang benar-benar ditulis.

Panjangnya sama dengan uraian biasa, supaya daftar, halaman, dan pencarian bisa dicoba dalam ukuran yang sebenarnya.
Orang yang membangun situs bisa melihat bagaimana paragraf seperti ini terpotong di layar sempit dan di layar lebar.
Kata-katanya sengaja dibuat sederhana, agar tidak ada orang yang mengira ini karya seorang penulis yang teliti.
Di antara baris-baris ini tidak ada cerita maupun pendapat, hanya ada irama tenang dari kalimat yang sederhana.
Yang terlihat di sini disusun dari daftar pendek kalimat jadi, dengan urutan yang dipilih oleh sebuah angka.

Pertanyaan yang sama selalu membawa baris yang sama, sehingga pengujian berjalan tenang dan perbedaan mudah terlihat.
Nada lain atau versi berikutnya memilih kalimat lain, sama seperti seorang penulis akan menghindari halaman lamanya.
Tidak ada yang keluar dari komputer ini: tidak ada tagihan yang harus dibayar dan tidak ada kunci yang hilang.
Setiap nama yang muncul di sampingnya juga hanya karangan, dan kemiripan dengan orang hidup hanyalah kebetulan.
Pengelola katalog boleh menghapusnya kapan saja dan paling banyak hanya akan kehilangan beberapa detik kerja mesin.

Dengan OPENAI_API_KEY di pengaturan, sebuah model bahasa mengambil alih dan teks contoh ini memberi tempat.
Cukup tetapkan OPENAI_API_KEY atau alamat server yang sesuai agar versi berikutnya benar-benar layak untuk dibaca orang.
Begitu OPENAI_API_KEY diberikan dan server dijalankan lagi, tulisan yang sebenarnya menggantikan semua ini.
Penulisan yang sebenarnya dimulai dengan OPENAI_API_KEY; sampai saat itu semua uraian di katalog tampak seperti ini.
Untuk mendapat uraian yang layak, berikan OPENAI_API_KEY kepada server lalu mintalah sekali lagi subjek yang sama.
`,
  'is-IS': `
Sýnistexti

Þetta sýnishorn stendur í stað texta um „%“ og segir ekkert satt, því enginn hefur enn skrifað hann.
Sá sem leitar að einhverju um „%“ finnur hér aðeins nokkrar setningar sem fylla auða síðu í skránni.
Vegna „%“ var engin bók opnuð og enginn gagnrýnandi spurður, svo allt sem hér kemur er bara uppfylling.
Síða um „%“ mun einhvern tíma standa hér; þangað til gæta nokkrar afgangssetningar þess að plássið sé laust.
Lesandi sem er forvitinn um „%“ kemur aðeins of snemma, því að enn hefur ekkert raunverulegt verið skrifað.

Hann er jafn langur og venjuleg lýsing, svo að hægt sé að prófa lista, síður og leit í réttri stærð.
Sá sem smíðar vef getur séð hvernig svona málsgrein skiptist á mjóum skjá og á breiðum skjá.
Orðin eru einföld af ásettu ráði, svo að enginn haldi að þau séu verk vandvirks og góðs höfundar.
Milli þessara lína leynist hvorki saga né skoðun, heldur aðeins rólegur taktur einfaldra setninga sem enda fljótt.
Það sem hér sést var sett saman úr stuttum lista af setningum í röð sem tala hefur valið.

Sama spurning skilar alltaf sömu línum, og þess vegna eru prófin róleg og auðvelt að sjá hvað breytist.
Annar tónn eða seinni útgáfa velur aðrar setningar, rétt eins og rithöfundur myndi forðast gömlu síðuna sína.
Ekkert fer út úr þessari tölvu á leiðinni: hér er enginn reikningur að borga og enginn lykill að týna.
Hvert nafn sem birtist við hliðina er líka uppspuni, og líkindi við lifandi fólk eru hrein tilviljun.
Sá sem sér um skrána má eyða honum hvenær sem er og tapar í mesta lagi fáeinum sekúndum.

Þegar OPENAI_API_KEY er komið í stillingarnar tekur mállíkan við pennanum og þessi sýnistexti víkur fyrir því.
Það nægir að setja inn OPENAI_API_KEY eða slóð á hentugan þjón til þess að næsta útgáfa verði betri.
Um leið og OPENAI_API_KEY er gefið upp og þjónninn ræstur aftur kemur alvöru texti í stað þess sem hér er.
Alvöru skrif hefjast með OPENAI_API_KEY; þangað til líta allar lýsingar í skránni út nokkurn veginn eins og þessi.
Til að fá almennilega lýsingu þarf þjónninn að fá OPENAI_API_KEY og síðan sömu beiðni einu sinni enn.
`,
  'it-IT': `
Testo di prova

Questo esempio sta al posto di «%» e non ne dice nulla di vero, perché nessuno lo ha ancora scritto.
Chi cerca notizie di «%» troverà qui per ora soltanto poche frasi che riempiono una pagina vuota del catalogo.
Per «%» non si è aperto alcun libro né si è chiesto alla critica, quindi tutto il resto è riempitivo.
Una pagina su «%» nascerà qui un giorno; nel frattempo alcune frasi avanzate tengono in caldo il posto.
Il lettore curioso di «%» è arrivato un po’ troppo presto, dato che finora non si è scritto nulla.

Ha la lunghezza di una vera scheda, così che elenchi, pagine e ricerca si possano provare nella giusta misura.
Chi costruisce un sito può vedere come un paragrafo del genere va a capo su schermi stretti o larghi.
Le parole sono semplici apposta, in modo che nessuno le scambi per il lavoro di un autore attento.
Tra queste righe non si nasconde alcuna storia né opinione, ma soltanto il ritmo tranquillo di frasi semplici.
Quello che si vede è stato montato da un breve elenco di frasi, nell’ordine che un numero ha scelto.

La stessa domanda porta sempre le stesse righe, perciò le prove sono tranquille e le differenze si notano.
Un altro tono o una versione successiva sceglie altre frasi, come uno scrittore eviterebbe la sua vecchia pagina.
Nulla lascia questa macchina lungo la strada: non ci sono conti da pagare né chiavi che si possano perdere.
Ogni nome che compare accanto è anch’esso inventato, e la somiglianza con persone viventi è un puro caso.
Chi cura il catalogo può cancellarlo in qualsiasi momento e perderà al massimo pochi secondi di lavoro.

Con OPENAI_API_KEY nelle impostazioni un modello linguistico prende la penna e questo testo di prova gli fa posto.
Basta indicare OPENAI_API_KEY o l’indirizzo di un server compatibile perché la prossima versione meriti dei lettori.
Non appena si imposta OPENAI_API_KEY e si riavvia il server, una prosa vera sostituisce ciò che sta qui.
La vera scrittura comincia con OPENAI_API_KEY; fino ad allora tutte le schede del catalogo somigliano a questa.
Per avere una scheda come si deve, date al server OPENAI_API_KEY e chiedete ancora una volta lo stesso soggetto.
`,
  'lt-LT': `
Bandomasis tekstas

Šis pavyzdys stovi vietoj teksto apie „%“ ir nesako nieko tikro, nes jo dar niekas nėra parašęs.
Kas čia ieško žinių apie „%“, kol kas ras tik kelis sakinius, kurie užpildo tuščią katalogo puslapį.
Dėl „%“ niekas neatvertė knygos ir niekas neklausė kritikų, todėl viskas, kas toliau, yra tik užpildas.
Puslapis apie „%“ kada nors čia atsiras; iki tol laisvą vietą saugo keli atliekami sakiniai be prasmės.
Skaitytojas, kuris domisi „%“, atėjo šiek tiek per anksti, nes iki šiol nieko tikro dar neparašyta.

Jis yra tokio ilgio kaip tikras aprašymas, kad sąrašus, puslapius ir paiešką būtų galima išbandyti tikru dydžiu.
Kas kuria svetainę, gali pamatyti, kaip tokia pastraipa laužoma siaurame telefono ir plačiame ekrane.
Žodžiai tyčia yra paprasti, kad niekas jų nepalaikytų darbu autoriaus, kuriam tikrai rūpi ši tema.
Tarp šių eilučių nesislepia nei istorija, nei nuomonė, yra tik ramus ir paprastų sakinių ritmas.
Tai, kas matoma, sudėta iš trumpo sakinių sąrašo tokia tvarka, kokią parinko vienas paprastas skaičius.

Tas pats klausimas visada atneša tas pačias eilutes, todėl bandymai ramūs, o skirtumus lengva pastebėti.
Kitas tonas arba vėlesnė versija parenka kitus sakinius, kaip ir rašytojas vengtų savo seno puslapio.
Niekas pakeliui nepalieka šio kompiuterio: nėra sąskaitos, kurią reikia apmokėti, nei rakto, kurį galima pamesti.
Kiekvienas vardas, kuris pasirodo šalia, taip pat išgalvotas, o panašumas į gyvus žmones visai atsitiktinis.
Kas prižiūri katalogą, gali jį bet kada ištrinti ir praras daugiausia kelias sekundes mašinos darbo.

Kai nustatymuose atsiras OPENAI_API_KEY, plunksną perims kalbos modelis, o šis bandomasis tekstas užleis jam vietą.
Užtenka nurodyti OPENAI_API_KEY arba tinkamo serverio adresą, kad kita versija tikrai būtų verta savo skaitytojo.
Kai tik bus nurodytas OPENAI_API_KEY ir serveris paleistas iš naujo, tikra proza pakeis tai, kas čia parašyta.
Tikras rašymas prasideda su OPENAI_API_KEY; iki tol visi katalogo aprašymai atrodo maždaug taip, kaip šis.
Norėdami gero aprašymo, duokite serveriui OPENAI_API_KEY ir tada dar kartą paprašykite visiškai tos pačios temos.
`,
  'lv-LV': `
Parauga teksts

Šis paraugs stāv teksta par “%” vietā un nesaka neko patiesu, jo neviens to vēl nav uzrakstījis.
Kas te meklē kaut ko par “%”, pagaidām atradīs tikai dažus teikumus, kuri aizpilda tukšu kataloga lapu.
Lai rakstītu par “%”, neviens neatvēra grāmatu un nejautāja kritiķiem, tāpēc viss tālākais ir tikai pildījums.
Lapa par “%” kādreiz te būs; līdz tam brīvo vietu sargā daži lieki teikumi bez īpašas nozīmes.
Lasītājs, kuru interesē “%”, ir atnācis mazliet par agru, jo nekas īsts vēl nav uzrakstīts.

Tas ir tikpat garš kā īsts apraksts, lai sarakstus, lapas un meklēšanu varētu izmēģināt īstā lielumā.
Kas veido vietni, var redzēt, kā šāda rindkopa tiek lauzta uz šaura un uz plata ekrāna.
Vārdi ir tīšām vienkārši, lai neviens tos nenoturētu par rūpīga autora darbu, kuram temats tiešām rūp.
Starp šīm rindām neslēpjas ne stāsts, ne viedoklis, ir tikai vienkāršu teikumu mierīgs un vienāds ritms.
Tas, kas redzams, ir salikts no īsa teikumu saraksta tādā secībā, kādu izvēlējies parasts skaitlis.

Tas pats jautājums vienmēr atnes tās pašas rindas, tāpēc pārbaudes ir mierīgas un atšķirības viegli pamanīt.
Cits tonis vai vēlāka versija izvēlas citus teikumus, tāpat kā rakstnieks izvairītos no savas vecās lapas.
Nekas pa ceļam nepamet šo datoru: nav rēķina, kas jāmaksā, un nav atslēgas, ko varētu pazaudēt.
Katrs vārds, kas parādās blakus, arī ir izdomāts, un līdzība ar dzīviem cilvēkiem ir tīra nejaušība.
Kas rūpējas par katalogu, drīkst to jebkurā laikā izdzēst un zaudēs ne vairāk kā dažas sekundes.

Ja iestatījumos ir OPENAI_API_KEY, spalvu pārņem valodas modelis, un šis parauga teksts dod tam vietu.
Pietiek norādīt OPENAI_API_KEY vai piemērota servera adresi, lai nākamā versija tiešām būtu sava lasītāja vērta.
Tiklīdz būs norādīts OPENAI_API_KEY un serveris palaists no jauna, īsta proza aizstās to, kas te rakstīts.
Īsta rakstīšana sākas ar OPENAI_API_KEY; līdz tam visi apraksti katalogā izskatās apmēram tāpat kā šis.
Lai iegūtu kārtīgu aprakstu, dodiet serverim OPENAI_API_KEY un tad vēlreiz palūdziet tieši to pašu tematu.
`,
  'ms-MY': `
Teks contoh

Contoh ini mengambil tempat bagi “%” dan tidak menyatakan apa-apa yang benar, kerana belum ada sesiapa menulisnya.
Sesiapa yang mencari sesuatu tentang “%” hanya akan menjumpai beberapa ayat yang mengisi halaman kosong katalog ini.
Bagi “%” tiada buku yang dibuka dan tiada pengkritik yang ditanya, jadi semua ini hanyalah bahan pengisi.
Halaman tentang “%” akan wujud di sini suatu hari nanti; sementara itu beberapa ayat lebihan menjaga tempatnya.
Pembaca yang ingin tahu tentang “%” datang terlalu awal, kerana setakat ini belum ada apa-apa yang ditulis.

Panjangnya sama dengan huraian biasa, supaya senarai, halaman dan carian boleh dicuba dalam saiz yang sebenar.
Orang yang membina laman boleh melihat bagaimana perenggan seperti ini terputus pada skrin sempit dan skrin lebar.
Perkataannya sengaja dibuat mudah, agar tiada sesiapa menyangka bahawa ini hasil kerja seorang pengarang yang teliti.
Di antara baris ini tiada cerita atau pendapat, cuma ada rentak tenang daripada ayat-ayat yang mudah sahaja.
Apa yang kelihatan disusun daripada senarai pendek ayat yang siap, mengikut urutan yang dipilih oleh satu nombor.

Soalan yang sama sentiasa membawa baris yang sama, maka ujian menjadi tenang dan perbezaan mudah dilihat.
Nada lain atau versi kemudian memilih ayat lain, sama seperti seorang penulis yang mengelak daripada halaman lamanya.
Tiada apa-apa yang keluar daripada komputer ini: tiada bil yang perlu dibayar dan tiada kunci yang boleh hilang.
Setiap nama yang muncul di sebelahnya juga direka, dan persamaan dengan orang yang masih hidup hanyalah kebetulan.
Penjaga katalog boleh memadamkannya pada bila-bila masa dan hanya akan kehilangan beberapa saat kerja mesin sahaja.

Dengan OPENAI_API_KEY dalam tetapan, sebuah model bahasa mengambil alih dan teks contoh ini memberi ruang.
Cukuplah menetapkan OPENAI_API_KEY atau alamat pelayan yang sesuai supaya versi seterusnya layak dibaca orang.
Sebaik sahaja OPENAI_API_KEY diberikan dan pelayan dihidupkan semula, prosa sebenar menggantikan apa yang ada di sini.
Penulisan sebenar bermula dengan OPENAI_API_KEY; sehingga itu semua huraian dalam katalog kelihatan lebih kurang begini.
Untuk mendapatkan huraian yang elok, berikan OPENAI_API_KEY kepada pelayan dan minta sekali lagi perkara yang sama.
`,
  'nb-NO': `
Prøvetekst

Denne prøven står i stedet for en tekst om «%» og forteller ikke noe sant, for ingen har skrevet den ennå.
Den som leter etter noe om «%», finner her bare noen få setninger som fyller en tom side i katalogen.
Til «%» ble det ikke slått opp i noen bok eller spurt noen kritiker, så resten er bare fyll.
En side om «%» kommer til å stå her en dag; inntil da passer noen overflødige setninger på plassen.
Leseren som er nysgjerrig på «%», har kommet litt for tidlig, siden ingenting ekte er skrevet hittil.

Den er like lang som en ekte omtale, slik at lister, sider og søk kan prøves i full størrelse.
Den som bygger et nettsted, kan se hvordan et slikt avsnitt brytes på en smal og en bred skjerm.
Ordene er enkle med vilje, slik at ingen forveksler dem med arbeidet til en forfatter som anstrenger seg.
Mellom disse linjene skjuler det seg verken en historie eller en mening, bare den rolige rytmen av setninger.
Det man ser, er satt sammen av en kort liste med setninger i en rekkefølge som et tall har valgt.

Det samme spørsmålet gir alltid de samme linjene, og derfor er prøvene rolige og forskjeller lette å se.
En annen tone eller en senere utgave velger andre setninger, akkurat som en forfatter ville unngå sin gamle side.
Ingenting forlater denne maskinen underveis: det finnes ingen regning å betale og ingen nøkkel som kan mistes.
Hvert navn som dukker opp ved siden av, er også oppdiktet, og likheter med levende mennesker er tilfeldige.
Den som steller med katalogen, kan slette den når som helst og mister høyst noen få sekunders arbeid.

Med OPENAI_API_KEY i innstillingene overtar en språkmodell, og denne prøveteksten gir gjerne plass til den.
Det er nok å oppgi OPENAI_API_KEY eller adressen til en passende tjener for at neste utgave skal bli bedre.
Så snart OPENAI_API_KEY er oppgitt og tjeneren startet på nytt, avløser ekte prosa det som står her nå.
Den ekte skrivingen begynner med OPENAI_API_KEY; inntil da ligner alle omtalene i katalogen på denne her.
For å få en skikkelig omtale må tjeneren få OPENAI_API_KEY og deretter bli spurt om det samme igjen.
`,
  'nl-NL': `
Voorbeeldtekst

Dit voorbeeld staat op de plaats van „%” en vertelt niets waars, want niemand heeft het tot nu toe geschreven.
Wie iets over „%” zoekt, vindt hier voorlopig alleen een paar zinnen die een lege pagina vullen.
Voor „%” is geen boek opengeslagen en geen criticus geraadpleegd, dus alles wat volgt is niets dan opvulling.
Een pagina over „%” zal hier ooit staan; tot dan bewaken enkele overgebleven zinnen de vrije plaats.
De lezer die nieuwsgierig is naar „%” komt iets te vroeg, omdat er nog niets echts geschreven is.

Het is zo lang als een echte beschrijving, zodat lijsten, pagina’s en zoeken op ware grootte te proberen zijn.
Wie een site bouwt, kan zien hoe zo’n alinea wordt afgebroken op een smal en op een breed scherm.
De woorden zijn met opzet eenvoudig, opdat niemand ze aanziet voor het werk van een zorgvuldige schrijver.
Tussen deze regels gaat geen verhaal en geen mening schuil, alleen het rustige ritme van eenvoudige zinnen.
Wat u ziet is samengesteld uit een korte lijst van zinnen, in een volgorde die een getal heeft gekozen.

Dezelfde vraag brengt altijd dezelfde regels, waardoor proeven rustig verlopen en verschillen in het oog springen.
Een andere toon of een latere versie kiest andere zinnen, zoals ook een schrijver zijn oude pagina zou mijden.
Onderweg verlaat niets deze machine: er is geen rekening te betalen en geen sleutel te verliezen of te vergeten.
Elke naam die ernaast verschijnt is eveneens verzonnen, en gelijkenis met levende mensen berust op louter toeval.
Wie de catalogus beheert, mag het op elk moment wissen en verliest hooguit een paar seconden rekentijd.

Met OPENAI_API_KEY in de instellingen neemt een taalmodel de pen over, en deze voorbeeldtekst maakt plaats.
Het is genoeg om OPENAI_API_KEY of het adres van een geschikte server in te stellen voor een betere versie.
Zodra OPENAI_API_KEY is opgegeven en de server opnieuw is gestart, vervangt echt proza wat hier nu staat.
Het echte schrijven begint met OPENAI_API_KEY; tot die tijd zien alle beschrijvingen in de catalogus er zo uit.
Voor een behoorlijke beschrijving geeft u de server OPENAI_API_KEY en vraagt u daarna nog eens hetzelfde onderwerp.
`,
  'pt-BR': `
Texto de amostra

Esta amostra ocupa o lugar de “%” e não conta nada de verdadeiro, porque ninguém a escreveu até agora.
Quem procura notícias de “%” encontrará aqui, por enquanto, apenas algumas frases que enchem uma página vazia.
Para “%” não se abriu nenhum livro nem se perguntou à crítica, portanto tudo o que segue é enchimento.
Uma página sobre “%” nascerá aqui um dia; enquanto isso, algumas frases de sobra guardam o lugar.
O leitor curioso por “%” chegou um pouco cedo demais, pois até hoje não se escreveu nada de autêntico.

Tem o tamanho de uma descrição normal, para que listas, páginas e pesquisa se experimentem na medida certa.
Quem constrói um site pode ver como um parágrafo assim se parte numa tela estreita ou bem larga.
As palavras são simples de propósito, para que ninguém as confunda com o trabalho de um autor cuidadoso.
Entre estas linhas não se esconde nenhuma história nem opinião, apenas o ritmo tranquilo de frases simples.
O que se vê foi montado com uma lista curta de frases prontas, na ordem que um número escolheu.

A mesma pergunta traz sempre as mesmas linhas, e por isso os testes são calmos e as diferenças visíveis.
Outro tom ou uma versão posterior escolhe frases diferentes, tal como um escritor evitaria a sua página antiga.
Nada sai desta máquina pelo caminho: não há conta para pagar nem chave que se possa perder.
Cada nome que aparece ao lado também é inventado, e a semelhança com pessoas vivas é puro acaso.
Quem cuida do catálogo pode apagá-la quando quiser e perderá, no máximo, alguns segundos de trabalho.

Com OPENAI_API_KEY nas definições, um modelo de linguagem toma a pena e este texto de amostra cede o lugar.
Basta indicar OPENAI_API_KEY ou o endereço de um servidor compatível para que a próxima versão mereça leitores.
Assim que OPENAI_API_KEY for indicada e o servidor reiniciado, uma prosa verdadeira substituirá o que está aqui.
A escrita de verdade começa com OPENAI_API_KEY; até lá todas as descrições do catálogo se parecem com esta.
Para ter uma descrição como deve ser, dê ao servidor OPENAI_API_KEY e peça mais uma vez o mesmo assunto.
`,
  'ro-RO': `
Text de probă

Această mostră ține locul unui text despre „%” și nu spune nimic adevărat, fiindcă nimeni nu l-a scris încă.
Cine caută ceva despre „%” va găsi aici deocamdată doar câteva propoziții care umplu o pagină goală.
Pentru „%” nu s-a deschis nicio carte și nu s-a întrebat niciun critic, deci totul este doar umplutură.
O pagină despre „%” va sta aici într-o zi; până atunci câteva propoziții de rezervă păzesc locul liber.
Cititorul curios să afle despre „%” a venit puțin prea devreme, căci nimic adevărat nu s-a scris.

Are lungimea unei descrieri obișnuite, pentru ca listele, paginile și căutarea să poată fi încercate la mărimea lor.
Cine construiește un site poate vedea cum se rupe un asemenea paragraf pe un ecran îngust sau lat.
Cuvintele sunt simple în mod intenționat, ca nimeni să nu le ia drept munca unui autor atent.
Între aceste rânduri nu se ascunde nicio poveste și nicio părere, ci doar ritmul liniștit al unor propoziții.
Ceea ce se vede a fost alcătuit dintr-o listă scurtă de propoziții, în ordinea aleasă de un număr.

Aceeași întrebare aduce mereu aceleași rânduri, așa că încercările sunt liniștite, iar diferențele se văd ușor.
Un alt ton sau o versiune ulterioară alege alte propoziții, așa cum un scriitor și-ar ocoli pagina veche.
Nimic nu părăsește acest calculator pe drum: nu există factură de plătit și nicio cheie de pierdut.
Fiecare nume care apare alături este de asemenea inventat, iar asemănarea cu persoane în viață este întâmplătoare.
Cine are grijă de catalog îl poate șterge oricând și va pierde cel mult câteva secunde de lucru.

Cu OPENAI_API_KEY în setări, un model de limbaj preia condeiul, iar acest text de probă îi face loc.
Ajunge să fie stabilită OPENAI_API_KEY sau adresa unui server potrivit pentru ca versiunea următoare să merite cititori.
Îndată ce OPENAI_API_KEY este dată și serverul pornit din nou, o proză adevărată înlocuiește ce stă aici.
Scrisul adevărat începe cu OPENAI_API_KEY; până atunci toate descrierile din catalog arată cam la fel ca aceasta.
Pentru o descriere cum se cuvine, dați serverului OPENAI_API_KEY și cereți apoi încă o dată același subiect.
`,
  'sk-SK': `
Skúšobný text

Táto ukážka stojí na mieste textu o „%“ a nehovorí o ňom nič pravdivé, pretože ho nikto nenapísal.
Kto hľadá správy o „%“, nájde tu zatiaľ len niekoľko viet, ktoré vypĺňajú prázdnu stránku katalógu.
Kvôli „%“ sa neotvorila žiadna kniha a nikto sa nespýtal kritiky, takže všetko ďalšie je iba výplň.
Stránka o „%“ tu raz vznikne; dovtedy stráži voľné miesto zopár zvyšných viet bez väčšieho významu.
Čitateľ zvedavý na „%“ prišiel trochu skoro, lebo až doteraz nebolo napísané vôbec nič skutočné.

Má dĺžku bežného opisu, aby sa zoznamy, stránky aj vyhľadávanie dali vyskúšať v ich skutočnej veľkosti.
Kto stavia web, uvidí, ako sa takýto odsek zalomí na úzkom displeji telefónu aj na širokej obrazovke.
Slová sú zámerne obyčajné, aby si ich nikto nepomýlil s prácou autora, ktorému na veci naozaj záleží.
Medzi týmito riadkami sa neskrýva nijaký príbeh ani názor, je tu iba pokojný rytmus jednoduchých viet.
To, čo vidno, sa zložilo z krátkeho zoznamu hotových viet v poradí, ktoré vybralo obyčajné číslo.

Rovnaká otázka prináša vždy rovnaké riadky, vďaka čomu sú skúšky pokojné a rozdiely ľahko spoznať.
Iný tón alebo neskoršia verzia vyberie iné vety, rovnako ako by sa spisovateľ vyhol svojej starej stránke.
Cestou neopúšťa tento počítač vôbec nič: niet tu účtu na zaplatenie ani kľúča, ktorý by sa stratil.
Každé meno, ktoré sa objaví vedľa, je tiež vymyslené a podobnosť so žijúcimi ľuďmi je čisto náhodná.
Kto sa o katalóg stará, môže ho kedykoľvek zmazať a príde pritom nanajvýš o pár sekúnd práce.

Keď bude v nastaveniach OPENAI_API_KEY, prevezme pero jazykový model a tento skúšobný text mu uvoľní miesto.
Stačí nastaviť OPENAI_API_KEY alebo adresu vhodného servera, aby ďalšia verzia stála čitateľovi naozaj za to.
Len čo bude zadaný OPENAI_API_KEY a server sa znovu spustí, nahradí skutočná próza všetko, čo tu stojí.
Skutočné písanie sa začína s OPENAI_API_KEY; dovtedy vyzerajú všetky opisy v katalógu zhruba takto.
Ak chcete poriadny opis, dajte serveru OPENAI_API_KEY a potom ho ešte raz požiadajte o tú istú tému.
`,
  'sl-SI': `
Preizkusno besedilo

Ta vzorec stoji na mestu besedila z naslovom »%« in ne pove nič resničnega, ker ga še nihče ni napisal.
Kdor tukaj išče kaj o tem, kar je »%«, bo za zdaj našel le nekaj stavkov na prazni strani.
Za »%« ni nihče odprl knjige niti vprašal kritikov, zato je vse, kar sledi, samo mašilo.
Stran z naslovom »%« bo nekoč stala tukaj; do takrat prosti prostor varuje nekaj odvečnih stavkov.
Bralec, ki ga zanima »%«, je prišel malo prezgodaj, saj doslej še nič pravega ni bilo napisano.

Dolg je toliko kot pravi opis, da se dajo seznami, strani in iskanje preizkusiti v svoji pravi velikosti.
Kdor gradi spletno stran, lahko vidi, kako se tak odstavek prelomi na ozkem in kako na širokem zaslonu.
Besede so namenoma preproste, da jih nihče ne bi zamenjal z delom pisca, ki mu je res mar.
Med temi vrsticami se ne skriva nobena zgodba in nobeno mnenje, je samo miren ritem preprostih stavkov.
Kar se vidi, je sestavljeno iz kratkega seznama gotovih stavkov po vrsti, ki jo je izbralo navadno število.

Isto vprašanje vedno prinese iste vrstice, zato so preizkusi mirni in se razlike hitro opazijo.
Drug ton ali poznejša različica izbere druge stavke, tako kot bi se tudi pisatelj izognil svoji stari strani.
Nič na poti ne zapusti tega računalnika: ni računa, ki bi ga morali plačati, in ni ključa, ki bi ga izgubili.
Vsako ime, ki se pojavi ob njem, je prav tako izmišljeno, podobnost z živimi ljudmi pa je naključna.
Kdor skrbi za katalog, ga sme kadar koli izbrisati in bo izgubil kvečjemu nekaj sekund dela.

Ko je v nastavitvah OPENAI_API_KEY, prevzame pero jezikovni model in to preizkusno besedilo mu odstopi prostor.
Dovolj je nastaviti OPENAI_API_KEY ali naslov ustreznega strežnika, da bo naslednja različica vredna bralca.
Brž ko je podan OPENAI_API_KEY in je strežnik znova zagnan, prava proza nadomesti vse, kar stoji tukaj.
Pravo pisanje se začne z OPENAI_API_KEY; do takrat so vsi opisi v katalogu videti približno tako kot ta.
Za spodoben opis dajte strežniku OPENAI_API_KEY in ga nato še enkrat prosite za popolnoma isto temo.
`,
  'sv-SE': `
Provtext

Det här provet står i stället för en text om ”%” och säger inget sant, eftersom ingen har skrivit den.
Den som söker något om ”%” hittar här tills vidare bara några meningar som fyller en tom sida.
För ”%” slogs ingen bok upp och ingen kritiker tillfrågades, så allt som följer är bara utfyllnad.
En sida om ”%” kommer att finnas här en dag; fram till dess vaktar några överblivna meningar platsen.
Läsaren som är nyfiken på ”%” har kommit lite för tidigt, eftersom inget riktigt har skrivits än.

Den är lika lång som en riktig beskrivning, så att listor, sidor och sökning kan prövas i rätt storlek.
Den som bygger en webbplats kan se hur ett sådant stycke bryts på en smal och på en bred skärm.
Orden är enkla med flit, så att ingen förväxlar dem med arbetet av en författare som bryr sig.
Mellan de här raderna döljer sig varken en berättelse eller en åsikt, bara den lugna rytmen hos meningar.
Det man ser har satts ihop av en kort lista med meningar i en ordning som ett tal har valt.

Samma fråga ger alltid samma rader, och därför är proven lugna och skillnader lätta att lägga märke till.
En annan ton eller en senare version väljer andra meningar, precis som en författare skulle undvika sin gamla sida.
Ingenting lämnar den här maskinen på vägen: det finns ingen räkning att betala och ingen nyckel att tappa.
Varje namn som dyker upp bredvid är också påhittat, och likheter med levande människor är rena tillfälligheter.
Den som sköter katalogen får radera den när som helst och förlorar högst några sekunders arbete.

Med OPENAI_API_KEY i inställningarna tar en språkmodell över pennan, och den här provtexten lämnar plats åt den.
Det räcker att ange OPENAI_API_KEY eller adressen till en lämplig server för att nästa version ska bli bättre.
Så snart OPENAI_API_KEY har angetts och servern startats om ersätter riktig prosa det som står här nu.
Det riktiga skrivandet börjar med OPENAI_API_KEY; till dess ser alla beskrivningar i katalogen ut ungefär så här.
För en ordentlig beskrivning behöver servern OPENAI_API_KEY och därefter samma fråga en gång till av någon.
`,
  'tr-TR': `
Örnek metin

Bu örnek “%” için ayrılan yerde duruyor ve hakkında doğru hiçbir şey söylemiyor, çünkü henüz kimse yazmadı.
Burada “%” hakkında bir şey arayan kişi, şimdilik yalnızca boş bir sayfayı dolduran birkaç cümle bulur.
Bu metin yazılırken “%” için ne bir kitap açıldı ne de bir eleştirmene soruldu, hepsi dolgudur.
Bir gün burada “%” hakkında bir sayfa olacak; o zamana kadar boş yeri birkaç yedek cümle koruyor.
Merak ettiği şey “%” olan okur biraz erken geldi, çünkü bugüne kadar gerçek bir şey yazılmadı.

Gerçek bir tanıtım kadar uzundur, böylece listeler, sayfalar ve arama kendi gerçek boyutunda denenebilir.
Bir site kuran kişi, böyle bir paragrafın dar ve geniş bir ekranda nasıl bölündüğünü görebilir.
Sözcükler bilerek sade seçildi ki kimse onları özenli bir yazarın emeği sanıp yanılmasın diye.
Bu satırların arasında ne bir öykü ne de bir görüş gizlidir, yalnızca sade cümlelerin sakin ritmi vardır.
Görülen her şey, kısa bir cümle listesinden, bir sayının seçtiği sıraya göre bir araya getirildi.

Aynı soru her zaman aynı satırları getirir, bu yüzden denemeler sakin geçer ve farklar kolayca görülür.
Başka bir üslup ya da sonraki bir sürüm başka cümleler seçer, tıpkı bir yazarın eski sayfasından kaçması gibi.
Yol boyunca hiçbir şey bu bilgisayardan çıkmaz: ne ödenecek bir fatura ne de kaybedilecek bir anahtar vardır.
Yanında görünen her ad da uydurulmuştur ve yaşayan kişilere olan benzerlik tamamen bir rastlantıdır.
Kataloğa bakan kişi onu istediği zaman silebilir ve en fazla birkaç saniyelik bir emek kaybeder.

Bir pastanenin vitrinindeki karton pastaları düşünün: biçimi gösterirler, ama hiç kimse onları yememelidir.
Bir ressam buna taslak, bir marangoz kalıp, bir aşçı ise yemekten önceki boş tabak derdi.
Akşam ne kadar sessiz ve uzun olursa olsun, lütfen onu alıntılamayın, çevirmeyin ve övmeyin.
Buraya olağan kuyruktan geçerek geldi, bütün ötekilerin aldığı aynı denemeler ve aynı iletilerle birlikte.
Baştan sona tek bir dilde kalır, çünkü gerçek metinleri koruyan bekçiler bunu da dikkatle okur.

Ayarlarda OPENAI_API_KEY bulunduğunda kalemi bir dil modeli devralır ve bu örnek metin yerini ona bırakır.
Bir sonraki sürümün okura değmesi için OPENAI_API_KEY ya da uygun bir sunucunun adresini vermek yeter.
OPENAI_API_KEY verilip sunucu yeniden başlatılır başlatılmaz, burada duranların yerini gerçek bir düzyazı alır.
Gerçek yazı OPENAI_API_KEY ile başlar; o zamana kadar katalogdaki bütün tanıtımlar aşağı yukarı böyle görünür.
Düzgün bir tanıtım için sunucuya OPENAI_API_KEY verin ve sonra aynı konuyu bir kez daha isteyin.
`,
  'vi-VN': `
Văn bản mẫu

Bản mẫu này đứng ở chỗ của “%” và không kể điều gì có thật, vì chưa có ai viết nó.
Ai tìm hiểu về “%” ở đây thì lúc này chỉ thấy vài câu lấp đầy một trang trống.
Để viết về “%” không ai mở sách và cũng không ai hỏi nhà phê bình, nên tất cả chỉ là phần đệm.
Một trang về “%” sẽ có ở đây vào một ngày nào đó; đến lúc ấy vài câu thừa giữ chỗ giúp.
Người đọc muốn biết về “%” đã đến hơi sớm, bởi cho đến nay chưa có gì thật sự được viết.

Nó dài bằng một bài giới thiệu thật, để có thể thử danh sách, trang và tìm kiếm ở đúng kích cỡ.
Người làm trang web có thể xem một đoạn như thế này xuống dòng ra sao trên màn hình hẹp và rộng.
Từ ngữ cố ý đơn giản, để không ai nhầm chúng với công sức của một tác giả cẩn thận.
Giữa những dòng này không có câu chuyện hay ý kiến nào, chỉ có nhịp điệu êm ả của những câu đơn.
Những gì bạn thấy được ghép từ một danh sách câu ngắn, theo thứ tự mà một con số đã chọn.

Cùng một câu hỏi luôn mang lại cùng những dòng này, nhờ vậy việc thử yên ổn và dễ thấy khác biệt.
Một giọng điệu khác hay một phiên bản sau sẽ chọn câu khác, như nhà văn tránh lại trang cũ của mình.
Không có gì rời khỏi máy này trên đường đi: không có hóa đơn phải trả và không có chìa khóa để mất.
Mỗi cái tên xuất hiện bên cạnh cũng là bịa ra, và sự giống với người đang sống chỉ là tình cờ.
Người trông nom danh mục có thể xóa nó bất cứ lúc nào và chỉ mất nhiều nhất vài giây công.

Khi có OPENAI_API_KEY trong phần cài đặt, một mô hình ngôn ngữ sẽ cầm bút và văn bản mẫu này nhường chỗ.
Chỉ cần đặt OPENAI_API_KEY hoặc địa chỉ của một máy chủ phù hợp để phiên bản sau xứng đáng với người đọc.
Ngay khi OPENAI_API_KEY được cung cấp và máy chủ khởi động lại, văn xuôi thật sẽ thay cho những gì ở đây.
Việc viết thật sự bắt đầu với OPENAI_API_KEY; cho đến lúc đó mọi bài trong danh mục đều trông giống thế này.
Để có một bài tử tế, hãy đưa cho máy chủ OPENAI_API_KEY rồi hỏi lại một lần nữa về cùng chủ đề.
`,
};
