import type { Locale } from './vocabulary.js';

type Names = Record<Locale, string>;
const named = (english: string, polish: string, german: string, french: string, spanish: string): Names => ({
  'en-US': english,
  'pl-PL': polish,
  'de-DE': german,
  'fr-FR': french,
  'es-ES': spanish,
});

/** Every genre that a film may have: its slug, the same in every locale, and its names. */
export const GENRES = {
  action: named('Action', 'Akcja', 'Action', 'Action', 'Acción'),
  adventure: named('Adventure', 'Przygodowy', 'Abenteuer', 'Aventure', 'Aventuras'),
  animation: named('Animation', 'Animacja', 'Animation', 'Animation', 'Animación'),
  biography: named('Biography', 'Biograficzny', 'Biografie', 'Biographie', 'Biografía'),
  comedy: named('Comedy', 'Komedia', 'Komödie', 'Comédie', 'Comedia'),
  crime: named('Crime', 'Kryminał', 'Krimi', 'Policier', 'Policíaco'),
  documentary: named('Documentary', 'Dokumentalny', 'Dokumentarfilm', 'Documentaire', 'Documental'),
  drama: named('Drama', 'Dramat', 'Drama', 'Drame', 'Drama'),
  family: named('Family', 'Familijny', 'Familie', 'Famille', 'Familiar'),
  fantasy: named('Fantasy', 'Fantasy', 'Fantasy', 'Fantasy', 'Fantasía'),
  'film-noir': named('Film Noir', 'Film noir', 'Film noir', 'Film noir', 'Cine negro'),
  history: named('History', 'Historyczny', 'Historienfilm', 'Histoire', 'Histórico'),
  horror: named('Horror', 'Horror', 'Horror', 'Horreur', 'Terror'),
  music: named('Music', 'Muzyczny', 'Musikfilm', 'Musique', 'Música'),
  musical: named('Musical', 'Musical', 'Musical', 'Comédie musicale', 'Musical'),
  mystery: named('Mystery', 'Tajemnica', 'Mystery', 'Mystère', 'Misterio'),
  romance: named('Romance', 'Romans', 'Liebesfilm', 'Romance', 'Romance'),
  'science-fiction': named(
    'Science Fiction',
    'Science fiction',
    'Science-Fiction',
    'Science-fiction',
    'Ciencia ficción',
  ),
  sport: named('Sport', 'Sportowy', 'Sportfilm', 'Sport', 'Deportes'),
  thriller: named('Thriller', 'Thriller', 'Thriller', 'Thriller', 'Suspense'),
  war: named('War', 'Wojenny', 'Kriegsfilm', 'Guerre', 'Bélico'),
  western: named('Western', 'Western', 'Western', 'Western', 'Wéstern'),
} as const satisfies Record<string, Names>;

export type GenreSlug = keyof typeof GENRES;
export const GENRE_SLUGS = Object.keys(GENRES) as GenreSlug[];
