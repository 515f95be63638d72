import type { Locale } from './vocabulary.js';

/** Every genre that a film may have, and its name in each locale. */
export const GENRES = {
  action: { 'en-US': 'Action', 'pl-PL': 'Akcja', 'de-DE': 'Action', 'fr-FR': 'Action', 'es-ES': 'Acción' },
  drama: { 'en-US': 'Drama', 'pl-PL': 'Dramat', 'de-DE': 'Drama', 'fr-FR': 'Drame', 'es-ES': 'Drama' },
  'science-fiction': {
    'en-US': 'Science Fiction',
    'pl-PL': 'Science fiction',
    'de-DE': 'Science-Fiction',
    'fr-FR': 'Science-fiction',
    'es-ES': 'Ciencia ficción',
  },
} as const satisfies Record<string, Record<Locale, string>>;
