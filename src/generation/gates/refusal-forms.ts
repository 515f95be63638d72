/**
 * What a model says in each language that does not want to write, or cannot. It says "I", which is part of the verb in
 * many of them. Where the verb means "they cannot" as well, it takes what is refused to tell.
 */
interface Forms {
  /** That it is sorry, and what then follows. */
  sorry: string;
  cannot: string;
  /** What it cannot do; missing: "cannot" alone says it. */
  write?: string;
  /** That it knows nothing, or what it is. */
  nothing: string;
}

/** Within a sentence. */
const gap = (most: number) => `[^.!?।؟。]{0,${most}}`;
const sourceOf = ({ sorry, cannot, write, nothing }: Forms): string =>
  [`(?:${sorry})${gap(60)}(?:${cannot})`, ...(write ? [`(?:${cannot})${gap(25)}(?:${write})`] : []), nothing].join('|');

const LATIN: Forms[] = [
  // Catalan
  {
    sorry: '\\bem sap greu\\b|\\bho sento\\b|\\bmalauradament\\b',
    cannot: '\\bno (?:puc|tinc)\\b',
    write: '\\b(?:escriure|redactar|proporcionar|oferir|generar|ajudar)',
    nothing: '\\bno tinc (?:cap )?(?:informacio|dades)\\b|\\bcom a (?:ia|model de llenguatge)\\b',
  },
  // Czech
  {
    sorry: '\\bomlouvam se\\b|\\bbohuzel\\b|\\bje mi lito\\b',
    cannot: '\\bne(?:mohu|muzu|mam|znam|jsem schop)',
    write: '\\b(?:napsat|poskytnout|vytvorit|vygenerovat|vam pomoci)',
    nothing: '\\bnemam (?:[^ ]+ ){0,2}(?:informace|udaje)\\b|\\bjako (?:jazykovy model|umela inteligence)\\b',
  },
  // Danish and Norwegian
  {
    sorry: '\\bbeklager\\b|\\bdesværre\\b|\\bdessverre\\b|\\bundskyld\\b|\\bunnskyld\\b',
    cannot: '\\bjeg (?:kan|har|er|kender|kjenner) (?:[^ ]+ )?(?:ikke|ingen)\\b|\\bkan jeg (?:[^ ]+ )?ikke\\b',
    write: '\\b(?:skrive|hjælpe|hjelpe|give|gi|levere|generere|beskrive)\\b',
    nothing:
      '\\bjeg har (?:[^ ]+ )?(?:ingen|ikke \\w+) (?:oplysninger|informasjon|information|opplysninger)|' +
      '\\bsom (?:en )?(?:ai|ki|sprogmodel|sprakmodell)\\b',
  },
  // Estonian
  {
    sorry: '\\bvabandust\\b|\\bvabandan\\b|\\bkahjuks\\b',
    cannot: '\\bma ei (?:saa|oska|tea|suuda)\\b|\\bei saa ma\\b|\\bmul (?:ei ole|pole|puudub)\\b',
    write: '\\b(?:kirjutada|pakkuda|anda|luua|aidata)\\b',
    nothing: '\\bmul (?:ei ole|pole) (?:[^ ]+ ){0,2}(?:teavet|andmeid|infot)\\b|\\bkeelemudelina\\b',
  },
  // Finnish
  {
    sorry: '\\banteeksi\\b|\\bvalitettavasti\\b|\\bpahoittelen\\b|\\bolen pahoillani\\b',
    cannot: '\\ben (?:voi|pysty|tunne|tieda|osaa)\\b|\\bminulla ei ole\\b',
    write: '\\b(?:kirjoittaa|antaa|tarjota|auttaa|luoda|kirjoittamaan|antamaan|tarjoamaan)\\b',
    nothing: '\\bminulla ei ole (?:[^ ]+ ){0,2}(?:tietoa|tietoja)\\b|\\b(?:kielimallina|tekoalyna)\\b',
  },
  // Croatian, and Serbian in Latin letters
  {
    sorry: '\\bzao mi je\\b|\\bispricavam se\\b|\\bizvinite\\b|\\bnazalost\\b',
    cannot: '\\b(?:ne mogu|nisam u mogucnosti|nemam)\\b',
    nothing:
      '\\bne mogu (?:[^ ]+ )?(?:napisati|pruziti|generirati|generisati|izraditi) (?:[^ ]+ ){0,2}(?:opis|tekst|bio)|' +
      '\\bnemam (?:[^ ]+ ){0,2}(?:informacij|podata)|\\bkao (?:jezicni|jezicki) model\\b',
  },
  // Hungarian
  {
    sorry: '\\bsajnalom\\b|\\bsajnos\\b|\\belnezest\\b',
    cannot: '\\bnem (?:tudok|tudom|all modomban|ismerem|rendelkezem)\\b',
    write: '\\b(?:irni|megirni|leirast|segiteni|adni|kesziteni)\\b',
    nothing: '\\bnincs (?:[^ ]+ ){0,2}informaciom\\b|\\bnyelvi modellkent\\b|\\bmesterseges intelligenciakent\\b',
  },
  // Indonesian and Malay
  {
    sorry: '\\bmaaf\\b|\\bsayangnya\\b|\\bmalangnya\\b',
    cannot: '\\bsaya (?:tidak|tak) (?:dapat|bisa|boleh|memiliki|mempunyai|mengenal)\\b',
    write: '\\b(?:menulis|memberikan|menyediakan|membuat|membantu)',
    nothing:
      '\\bsaya (?:tidak|tak) (?:memiliki|mempunyai|punya) (?:[^ ]+ )?(?:informasi|maklumat|data)\\b|' +
      '\\bsebagai (?:model bahasa|ai)\\b',
  },
  // Icelandic
  {
    sorry: 'þvi miður|\\bfyrirgefðu\\b|\\bafsakið\\b|\\bmer þykir leitt\\b',
    cannot: '\\beg (?:get|hef|þekki) (?:[^ ]+ )?(?:ekki|engar)|\\bget eg ekki\\b|\\bhef eg engar',
    write: '\\b(?:skrifað|veitt|hjalpað|buið)',
    nothing: '\\beg hef (?:engar|ekki) (?:[^ ]+ )?upplysingar\\b|\\bsem mallikan\\b',
  },
  // Italian
  {
    sorry: '\\bmi (?:di)?spiace\\b|\\bspiacente\\b|\\bpurtroppo\\b',
    cannot: '\\bnon (?:posso|sono in grado|ho|conosco)\\b',
    write: '\\b(?:scrivere|fornire|aiutar|creare|generare|offrire)',
    nothing: '\\bnon (?:ho|dispongo di) (?:[^ ]+ )?(?:informazioni|dati)\\b|\\bcome (?:ia|modello linguistico)\\b',
  },
  // Lithuanian
  {
    sorry: '\\batsiprasau\\b|\\bdeja\\b|\\bapgailestauju\\b',
    cannot: '\\b(?:negaliu|neturiu|nezinau|nepazistu)\\b',
    write: '\\b(?:parasyti|pateikti|sukurti|padeti)\\b',
    nothing: '\\bneturiu (?:[^ ]+ ){0,2}(?:informacijos|duomenu|ziniu)\\b|\\bkaip (?:kalbos modelis|di)\\b',
  },
  // Latvian
  {
    sorry: '\\batvainojiet\\b|\\bdiemzel\\b|\\bpiedodiet\\b',
    cannot: '\\b(?:es )?nevaru\\b|\\bman nav\\b|\\bes nezinu\\b',
    write: '\\b(?:uzrakstit|sniegt|izveidot|palidzet)\\b',
    nothing: '\\bman nav (?:[^ ]+ ){0,2}(?:informacijas|datu|zinu)\\b|\\bka valodas modelis\\b',
  },
  // Dutch
  {
    sorry: '\\bspijt me\\b|\\bsorry\\b|\\bhelaas\\b|\\bexcuses\\b',
    cannot:
      '\\bik (?:kan|heb|ken|ben|beschik)\\b[^.!?]{0,25}\\b(?:niet|geen)\\b|' +
      '\\b(?:kan|heb) ik (?:[^ ]+ )?(?:niet|geen)\\b',
    write: '\\b(?:schrijven|helpen|geven|leveren|maken|verstrekken|genereren)\\b',
    nothing:
      '\\bik heb geen (?:[^ ]+ )?(?:informatie|gegevens)\\b|\\bals (?:een )?(?:ai|taalmodel)\\b[^.!?]{0,40}\\bik\\b',
  },
  // Portuguese
  {
    sorry: '\\bdesculpe\\b|\\bsinto muito\\b|\\blamento\\b|\\binfelizmente\\b',
    cannot: '\\bnao (?:posso|consigo|tenho|conheco)\\b',
    write: '\\b(?:escrever|fornecer|ajudar|criar|gerar|oferecer)',
    nothing: '\\bnao tenho (?:[^ ]+ )?(?:informacoes|informacao|dados)\\b|\\bcomo (?:ia|um modelo de linguagem)\\b',
  },
  // Romanian
  {
    sorry: '\\bimi pare rau\\b|\\bdin pacate\\b|\\bregret\\b',
    cannot: '\\bnu (?:pot|am|sunt in masura|cunosc)\\b',
    nothing:
      '\\bnu pot (?:scrie|oferi|furniza|genera|crea) (?:[^ ]+ ){0,2}(?:descriere|text|biografi|informati)|' +
      '\\bnu am (?:[^ ]+ ){0,2}informatii\\b|\\bca (?:model de limbaj|inteligenta artificiala)\\b',
  },
  // Slovak
  {
    sorry: '\\bospravedlnujem sa\\b|\\bprepacte\\b|\\bzial\\b|\\bje mi luto\\b|\\bbohuzial\\b',
    cannot: '\\bne(?:mozem|mam|poznam|dokazem)\\b',
    write: '\\b(?:napisat|poskytnut|vytvorit|vygenerovat|vam pomoct)\\b',
    nothing: '\\bnemam (?:[^ ]+ ){0,2}(?:informacie|udaje)\\b|\\bako (?:jazykovy model|umela inteligencia)\\b',
  },
  // Slovene
  {
    sorry: '\\bzal\\b|\\boprostite\\b|\\bopravicujem se\\b|\\bzal mi je\\b',
    cannot: '\\b(?:ne morem|nimam|ne poznam)\\b',
    write: '\\b(?:napisati|zagotoviti|ponuditi|ustvariti|pomagati)\\b',
    nothing: '\\bnimam (?:[^ ]+ ){0,2}(?:informacij|podatkov)\\b|\\bkot jezikovni model\\b',
  },
  // Swedish
  {
    sorry: '\\btyvarr\\b|\\bledsen\\b|\\bbeklagar\\b|\\bursakta\\b',
    cannot: '\\bjag (?:kan|har|kanner) (?:[^ ]+ )?(?:inte|ingen)\\b|\\bkan jag (?:[^ ]+ )?inte\\b|\\bhar jag ingen\\b',
    write: '\\b(?:skriva|hjalpa|ge|tillhandahalla|skapa|generera)\\b',
    nothing:
      '\\bjag har (?:[^ ]+ )?ingen (?:[^ ]+ )?information\\b|\\bsom (?:en )?(?:ai|sprakmodell)\\b[^.!?]{0,40}\\bjag\\b',
  },
  // Turkish
  {
    sorry: 'uzgunum|maalesef|kusura bakmayin',
    cannot:
      '(?:yaz|yap|sagla|sun|olustur|ver|ol)[aey]*(?:a|e|y[aı])?m(?:am|em|[ıi]yorum)|bilgim yok|bilgiye sahip degilim',
    nothing: 'hakk[ıi]nda (?:[^ ]+ ){0,2}bilgim yok|bilgiye sahip degilim|bir (?:yapay zeka|dil modeli) olarak',
  },
  // Vietnamese
  {
    sorry: '\\bxin loi\\b|\\brat tiec\\b',
    cannot: '\\btoi (?:khong the|khong co|khong biet|chua co)\\b',
    write: '\\b(?:viet|cung cap|giup|tao)\\b',
    nothing: '\\btoi khong co (?:[^ ]+ ){0,2}thong tin\\b|\\bla mot mo hinh ngon ngu\\b',
  },
];

/** By script: a text without its letters is none of these. */
const BEYOND_LATIN: Record<string, Forms[]> = {
  Cyrillic: [
    // Bulgarian
    {
      sorry: 'съжалявам|за съжаление|извинете',
      cannot: 'не мога|нямам|не познавам|не съм в състояние',
      write: 'напиша|предоставя|помогна|създам|дам опис',
      nothing: 'нямам (?:[^ ]+ ){0,2}(?:информация|данни)|като езиков модел',
    },
    // Russian
    {
      sorry: 'извините|к сожалению|простите|мне жаль',
      cannot: 'не могу|у меня нет|я не (?:знаю|располагаю|владею)',
      write: 'написать|предоставить|помочь|создать|сгенерировать',
      nothing: 'у меня нет (?:[^ ]+ ){0,2}(?:информации|данных|сведений)|как языковая модель',
    },
    // Serbian
    {
      sorry: 'жао ми је|извините|нажалост',
      cannot: 'не могу|немам|нисам у могућности',
      nothing:
        'не могу (?:да )?(?:[^ ]+ )?(?:напишем|написати|пружим|генеришем)|немам (?:[^ ]+ ){0,2}(?:информациј|подата)|' +
        'као језички модел',
    },
    // Ukrainian
    {
      sorry: 'вибачте|на жаль|перепрошую|мені шкода',
      cannot: 'не можу|у мене немає|я не (?:знаю|маю)',
      write: 'написати|надати|допомогти|створити',
      nothing: '(?:у мене немає|я не маю) (?:[^ ]+ ){0,2}(?:інформації|даних|відомостей)|як мовна модель',
    },
  ],
  Greek: [
    {
      sorry: 'λυπαμαι|δυστυχως|συγγνωμη|ζητω συγγνωμη',
      cannot: 'δεν (?:μπορω|εχω|γνωριζω|ειμαι σε θεση)',
      write: 'γραψω|παρεχω|βοηθησω|δημιουργησω|δωσω',
      nothing: 'δεν (?:εχω|διαθετω) (?:[^ ]+ )?(?:πληροφοριες|στοιχεια)|ως (?:γλωσσικο μοντελο|τεχνητη νοημοσυνη)',
    },
  ],
  Arabic: [
    // Arabic
    {
      sorry: 'آسف|أعتذر|عذرا|للأسف',
      cannot: 'لا (?:أستطيع|يمكنني|أملك|أعرف)|ليس(?:ت)? لدي|لا توجد لدي|لن أتمكن',
      write: 'كتابة|أكتب|تقديم|مساعدت|إنشاء|توفير',
      nothing: '(?:ليس(?:ت)? لدي|لا تتوفر لدي|لا أملك) (?:أي(?:ة)? )?معلومات|بصفتي نموذج|كنموذج لغوي',
    },
    // Persian
    {
      sorry: 'متاسفم|متأسفم|متاسفانه|متأسفانه|ببخشید|پوزش',
      cannot: 'نمی.?توانم|ندارم|نمی.?شناسم|قادر نیستم',
      write: 'بنویسم|ارائه|کمک کنم|تولید کنم',
      nothing: 'اطلاعاتی (?:[^ ]+ ){0,4}ندارم|به عنوان (?:یک )?(?:مدل زبانی|هوش مصنوعی)',
    },
  ],
  Hebrew: [
    {
      sorry: 'מצטער|מצטערת|סליחה|לצערי|מתנצל',
      cannot: 'אני לא (?:יכול|מכיר|יודע)|איני (?:יכול|מכיר|יודע)|לא אוכל|אין לי|אין באפשרותי',
      write: 'לכתוב|לספק|לעזור|ליצור',
      nothing: 'אין לי (?:שום |כל )?(?:מידע|נתונים)|כמודל שפה|בתור מודל שפה',
    },
  ],
  Devanagari: [
    {
      sorry: 'क्षमा करें|माफ़ करें|माफ करें|खेद है|दुर्भाग्य से|क्षमा चाहता',
      cannot: 'नहीं (?:[^ ]+ )?सकता|नहीं (?:[^ ]+ )?सकती|असमर्थ हूँ|असमर्थ हूं|(?:मेरे पास|मुझे)[^.!?।]{0,40}नहीं है',
      nothing:
        'मैं[^.!?।]{0,60}(?:लिख|दे|प्रदान कर|मदद कर) नहीं सक|मैं[^.!?।]{0,60}नहीं (?:लिख|दे|कर) सक|' +
        'मेरे पास[^.!?।]{0,60}जानकारी नहीं|भाषा मॉडल के रूप में',
    },
  ],
  Bengali: [
    {
      sorry: 'দুঃখিত|ক্ষমা কর|মাফ কর|দুর্ভাগ্যবশত',
      cannot: 'পারছি না|পারি না|পারব না|পারবো না|জানা নেই|তথ্য নেই|জানি না',
      nothing:
        'আমি[^.!?।]{0,60}(?:লিখতে|দিতে|সাহায্য করতে) পার(?:ছি|ি|ব|বো) না|' +
        'আমার কাছে[^.!?।]{0,60}তথ্য নেই|ভাষা মডেল হিসেবে',
    },
  ],
  Tamil: [
    {
      sorry: 'மன்னிக்கவும்|மன்னியுங்கள்|வருந்துகிறேன்|துரதிர்ஷ்டவசமாக',
      cannot: 'முடியாது|முடியவில்லை|இயலாது|இயலவில்லை|தெரியாது|தகவல் இல்லை|தகவல்கள் இல்லை|தகவலும் இல்லை',
      nothing:
        'என்னால்[^.!?]{0,60}(?:முடியாது|முடியவில்லை|இயலாது|இயலவில்லை)|' +
        'என்னிடம்[^.!?]{0,60}தகவல்(?:கள்|களும்|ும்)? இல்லை|' +
        'மொழி மாதிரியாக',
    },
  ],
  Thai: [
    {
      sorry: 'ขออภัย|ขอโทษ|เสียใจด้วย|น่าเสียดาย',
      cannot: '(?:ฉัน|ผม|ดิฉัน|เรา)?ไม่สามารถ|(?:ฉัน|ผม|ดิฉัน)ไม่มี|(?:ฉัน|ผม|ดิฉัน)ไม่รู้จัก',
      nothing:
        '(?:ฉัน|ผม|ดิฉัน)ไม่สามารถ(?:เขียน|ให้|ช่วย|สร้าง)|(?:ฉัน|ผม|ดิฉัน)ไม่มีข้อมูล|' +
        'ในฐานะ(?:แบบจำลองภาษา|โมเดลภาษา|ปัญญาประดิษฐ์)',
    },
  ],
  Hangul: [
    {
      sorry: '죄송(?:하지만|합니다)|미안하지만|유감스럽게도|안타깝게도',
      cannot: '수 없습니다|없습니다|못합니다|어렵습니다|모릅니다',
      nothing:
        '저는[^.!?]{0,40}(?:작성|제공|도와)[^.!?]{0,15}수 없습니다|정보가 없습니다|(?:언어 모델|인공지능)(?:로서|으로서)',
    },
  ],
  Hiragana: [
    {
      sorry: '申し訳|すみません|ごめんなさい|残念ながら',
      cannot: 'できません|ありません|分かりません|わかりません|存じません|できかねます|ございません',
      nothing:
        '(?:お手伝い|提供|作成|お書き|執筆)(?:は|が)?(?:できません|できかねます)|情報(?:が|は)(?:ありません|ございません)|言語モデルとして',
    },
  ],
  Han: [
    {
      sorry: '抱歉|对不起|對不起|很遗憾|很遺憾',
      cannot: '我(?:无法|無法|不能|没有|沒有|不了解|不知道)',
      nothing:
        '我(?:无法|無法|不能)(?:为您|為您)?(?:提供|撰写|撰寫|写|寫|帮助|幫助|协助|協助|生成)|' +
        '我(?:没有|沒有)(?:关于|關於|有关|有關|任何)[^。]{0,30}(?:信息|資訊|资料|資料)|作为(?:一个)?(?:ai|人工智能|语言模型)|' +
        '作為(?:一個)?(?:ai|人工智慧|語言模型)',
    },
  ],
};

export const LATIN_REFUSALS = LATIN.map(sourceOf);
export const REFUSALS_BEYOND_LATIN = Object.entries(BEYOND_LATIN).map(([script, forms]) => ({
  script: new RegExp(`\\p{Script=${script}}`, 'u'),
  sources: forms.map(sourceOf),
}));
