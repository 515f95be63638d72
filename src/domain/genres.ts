import type { Locale } from './vocabulary.js';

/** Every genre that a film may have, and its name in each locale. */
export const GENRES = {
  action: { 'en-US': 'Action', 'pl-PL': 'Akcja', 'de-DE': 'Action', 'fr-FR': 'Action', 'es-ES': 'Acción' },
  crime: { 'en-US': 'Crime', 'pl-PL': 'Kryminał', 'de-DE': 'Krimi', 'fr-FR': 'Policier', 'es-ES': 'Crimen' },
  drama: { 'en-US': 'Drama', 'pl-PL': 'Dramat', 'de-DE': 'Drama', 'fr-FR': 'Drame', 'es-ES': 'Drama' },
  music: { 'en-US': 'Music', 'pl-PL': 'Muzyczny', 'de-DE': 'Musik', 'fr-FR': 'Musique', 'es-ES': 'Música' },
  musical: {
    'en-US': 'Musical',
    'pl-PL': 'Musical',
    'de-DE': 'Musical',
    'fr-FR': 'Comédie musicale',
    'es-ES': 'Musical',
  },
  war: { 'en-US': 'War', 'pl-PL': 'Wojenny', 'de-DE': 'Krieg', 'fr-FR': 'Guerre', 'es-ES': 'Bélica' },
  western: { 'en-US': 'Western', 'pl-PL': 'Western', 'de-DE': 'Western', 'fr-FR': 'Western', 'es-ES': 'Western' },
  'science-fiction': {
    'en-US': 'Science Fiction',
    'pl-PL': 'Science fiction',
    'de-DE': 'Science-Fiction',
    'fr-FR': 'Science-fiction',
    'es-ES': 'Ciencia ficción',
  },
} as const satisfies Record<string, Record<Locale, string>>;
