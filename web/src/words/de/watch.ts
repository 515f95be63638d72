import { plural } from '../plural.ts';
import type { Words } from '../words.ts';

const things = plural('de', { one: 'Sache', other: 'Sachen' });
const jobs = plural('de', { one: 'Auftrag', other: 'Aufträge' });
const tokens = plural('de', { one: 'Token', other: 'Tokens' });

export const watch: Words['watch'] = {
  tabs: {
    overview: 'Übersicht',
    failed: 'Gescheiterte Aufträge',
    usage: 'Verbrauch',
    webhooks: 'Webhooks',
    durability: 'Haltbarkeit',
    audit: 'Änderungen',
  },
  locked: {
    what: 'Hier sehen Betreiber, wie es Warteschlangen, Workern, Modell und Speicher geht, und können eingreifen.',
    needs: 'Dafür braucht es einen Schlüssel mit dem Recht admin.',
    own: 'Läuft der Server auf seiner eigenen Datenbank, erzeugt ihn dieser Befehl:',
    token: 'Sonst ist der Wert von ADMIN_TOKEN aus den Einstellungen des Servers ein solcher Schlüssel.',
  },
  readAt: (time) => `Gelesen um ${time}`,
  stale: (time) => `Der Server antwortet nicht. So war es um ${time}.`,
  refresh: 'Neu lesen',
  more: 'Mehr zeigen',
  all: 'Alle',
  since: 'Seit',
  ages: { '1h': 'letzte Stunde', '24h': 'letzte 24 Stunden', '7d': 'letzte 7 Tage', '30d': 'letzte 30 Tage' },
  kinds: { MOVIE: 'Film', PERSON: 'Person' },
  kind: 'Art',
  none: '–',
  what: 'Name',

  well: 'Alles in Ordnung',
  wellMore: 'Speicher, Warteschlangen, Worker und Modell tun, was sie sollen.',
  look: (count) => `${things(count)} zum Nachsehen`,
  board: 'Blick in die Warteschlange',
  boardFor:
    'Die Warteschlange selbst, Eintrag für Eintrag. Er ändert nichts und fragt nach dem Schlüssel als Passwort.',

  queues: 'Warteschlangen',
  queue: { movies: 'Filme', people: 'Personen', webhooks: 'Webhooks' },
  running: 'Läuft',
  paused: 'Angehalten',
  held: 'Wartet',
  pausedSince: (since) => `Ein Betreiber hat sie ${since} angehalten. Anfragen werden angenommen und warten.`,
  holds: {
    PAUSED: 'Von einem Betreiber angehalten.',
    RATE_LIMITED: 'Der Dienst des Modells hat um eine Pause gebeten.',
    MODEL_UNAVAILABLE: 'Das Modell antwortet nicht.',
    BUDGET_SPENT: 'Die Tokens dieses Tages sind verbraucht.',
  },
  nextProbe: (when) => `Nächster Versuch: ${when}`,
  due: 'Fällig',
  waiting: 'Wartend',
  inProgress: 'In Arbeit',
  delayed: 'Verschoben',
  failedOf: 'Gescheitert',
  oldest: 'Wartet am längsten',
  perMinute: 'Pro Minute',
  pause: 'Anhalten',
  resume: 'Fortsetzen',
  pauseWhat: 'Kein Auftrag beginnt mehr. Laufende enden, Anfragen werden weiter angenommen und warten.',
  pauseMessages: 'Keine Nachricht wird mehr verschickt. Neue bleiben erhalten und warten.',
  resumeWhat: 'Was wartet, geht weiter.',

  activity: 'Durchsatz',
  span: 'Zeitraum',
  spans: { '1h': '1 Stunde', '6h': '6 Stunden', '24h': '24 Stunden', '7d': '7 Tage' },
  done: 'Fertig',
  accepted: 'Angenommen',
  activityTitle: 'Aufträge',
  steps: (step) => `(Schritte von ${step})`,
  activitySays: (done, failed, accepted) =>
    `In dieser Zeit: ${jobs(done)} fertig, ${jobs(failed)} gescheitert, ${jobs(accepted)} angenommen.`,
  tokensTitle: 'Tokens',
  tokensSays: (sum) => `In dieser Zeit: ${tokens(sum)}.`,

  workers: 'Worker',
  noWorkers: 'Kein Worker läuft: Aufträge warten, keiner geht verloren. So startet einer:',
  host: 'Rechner und Prozess',
  itsQueues: 'Warteschlangen',
  now: 'In Arbeit / höchstens',
  model: 'Modell',
  seen: 'Letztes Lebenszeichen',
  startedAt: 'Gestartet',

  breaker: {
    closed: 'Antwortet',
    open: 'Sein Dienst versagt oder weist uns ab, darum ruht es. Aufträge warten und verlieren keinen Versuch.',
    'half-open': 'Wird versucht',
    resting: 'Ruht',
    spent: 'Verbraucht',
  },
  breakerSays: {
    closed: 'Das Modell wird wie üblich gefragt.',
    open: 'Sein Dienst versagt oder weist uns ab, darum ruht es. Aufträge warten und verlieren keinen Versuch.',
    'half-open': 'Ein Auftrag fragt wieder. Bekommt er eine Antwort, geht es mit allen weiter.',
    resting: 'Der Dienst des Modells hat um eine Pause gebeten. Aufträge warten und verlieren keinen Versuch.',
    spent: 'Die Tokens dieses Tages sind verbraucht. Nach Mitternacht UTC geht es weiter.',
  },
  budget: 'Tokens dieses Tages',
  budgetSays: 'DAILY_TOKEN_BUDGET begrenzt alle Aufträge zusammen, Schlüssel können eigene Grenzen haben.',
  tokensPerMinute: 'Tokens pro Minute',
  testModel: 'Modell prüfen',
  testModelWhat: 'Macht einen winzigen, echten Aufruf jedes Modells, der ein paar Tokens kostet.',
  testGood: 'Das Modell antwortet gut.',
};
