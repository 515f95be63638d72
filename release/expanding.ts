/** What a migration does, as far as it can be read from its statements. */
export interface Read {
  statements: string[];
  /** `false`: it runs outside of a transaction. */
  transaction?: boolean | undefined;
  /** The release that stopped using what it takes away. */
  contracts?: string | undefined;
}

/** Tables of few rows, where a lock is held for no time. */
const SMALL = `backups blocks deployment genres model_breakers processes projects queue_pauses recoveries server_secrets
  sweeps throttles webhook_secrets workers api_keys counters`.split(/\s+/);

/** What programs of the release before would miss, or could not write any more. */
const TAKES_AWAY: [pattern: RegExp, why: string][] = [
  [/\bDROP (TABLE|COLUMN|VIEW|TYPE|FUNCTION|TRIGGER|SEQUENCE)\b/i, 'takes away what the release before may use'],
  [/\bRENAME\b/i, 'takes the old name away: add a second one'],
  [/\bALTER (COLUMN )?\w+ (SET DATA )?TYPE\b/i, 'changes a type under the release before: add a second column'],
  [/\bDROP DEFAULT\b/i, 'leaves inserts of the release before without a value'],
  [/\bTRUNCATE\b/i, 'takes rows away'],
];
/** What makes others wait for longer than a moment. */
const LOCKS: [pattern: RegExp, why: string][] = [
  [
    /\bADD (CONSTRAINT \w+ )?(CHECK|FOREIGN KEY|EXCLUDE)(?!.*\bNOT VALID\b)/is,
    'reads the whole table under a lock: NOT VALID, and VALIDATE CONSTRAINT in a migration after it',
  ],
  [
    /\bADD (CONSTRAINT \w+ )?(UNIQUE|PRIMARY KEY) \(/i,
    'builds an index under a lock: CREATE UNIQUE INDEX CONCURRENTLY, then USING INDEX',
  ],
  [
    /^CREATE (UNIQUE )?INDEX (?!CONCURRENTLY)/i,
    'writes wait while it is built: CONCURRENTLY, outside of a transaction',
  ],
  [/^(LOCK|CLUSTER|VACUUM FULL|REINDEX (?!.*CONCURRENTLY))\b/i, 'locks all of the table'],
];

const TABLE = /^(?:ALTER TABLE|CREATE (?:UNIQUE )?INDEX[^(]*? ON|LOCK(?: TABLE)?) (?:IF EXISTS |ONLY )*(\w+)/is;
const CREATED = /^CREATE TABLE (?:IF NOT EXISTS )?(\w+)/i;

/** Without comments; what stands between `$$` stays whole. */
export function statementsOf(text: string): string[] {
  const bodies: string[] = [];
  const hidden = text.replaceAll(/--.*$/gm, '').replaceAll(/\$(\w*)\$[\s\S]*?\$\1\$/g, () => {
    bodies.push('');
    return '$body$';
  });
  return hidden
    .split(';')
    .map((one) => one.replaceAll(/\s+/g, ' ').trim())
    .filter((one) => one !== '');
}

/**
 * Why a migration is not one that a running release can be upgraded by; a line each.
 * @param releases those that are out
 */
export function complaintsAbout({ statements, transaction, contracts }: Read, releases: readonly string[]): string[] {
  const all = statements.flatMap(statementsOf);
  const made = all.flatMap((one) => CREATED.exec(one)?.[1] ?? []);
  const found = all.flatMap((one) => {
    const table = TABLE.exec(one)?.[1] ?? '';
    if (made.includes(table)) return [];
    const taken = contracts === undefined ? [...TAKES_AWAY.filter(([is]) => is.test(one)), ...strictOf(one, all)] : [];
    const locks = SMALL.includes(table) ? [] : LOCKS.filter(([is]) => is.test(one));
    return [...taken, ...locks].map(([, why]) => `${one.slice(0, 80)}: ${why}`);
  });
  return [...found, ...outsideOf(all, statements, transaction), ...contractOf(all, contracts, releases)];
}

/** NOT NULL without a default: the release before writes nothing there. */
function strictOf(statement: string, all: string[]): [RegExp, string][] {
  const why = 'the release before writes nothing there: give it a DEFAULT';
  const added = [...statement.matchAll(/ADD (?:COLUMN )?(?!CONSTRAINT)\w+ [^,]*?NOT NULL[^,]*/gi)].map(
    ([text]) => text,
  );
  const strict = added.filter((text) => !/\b(DEFAULT|GENERATED)\b/i.test(text));
  const set = [...statement.matchAll(/ALTER (?:COLUMN )?(\w+) SET NOT NULL/gi)].map(([, column]) => column!);
  const bare = set.filter((column) => !all.some((one) => new RegExp(`\\b${column} SET DEFAULT`, 'i').test(one)));
  return [...strict, ...bare].map(() => [/./, why]);
}

/** An index that is built beside others needs to be alone, and to be made anew after it has failed. */
function outsideOf(all: string[], statements: string[], transaction?: boolean): string[] {
  const built = all.flatMap(
    (one) => /^CREATE (?:UNIQUE )?INDEX CONCURRENTLY (?:IF NOT EXISTS )?(\w+)/i.exec(one)?.[1] ?? [],
  );
  if (built.length === 0) return [];
  const left = built.filter((name) => !all.some((one) => one === `DROP INDEX CONCURRENTLY IF EXISTS ${name}`));
  return [
    ...(transaction === false ? [] : ['CONCURRENTLY needs `transaction = false` in the class']),
    ...(all.length > statements.length ? ['CONCURRENTLY needs each statement in a query of its own'] : []),
    ...left.map((name) => `first DROP INDEX CONCURRENTLY IF EXISTS ${name}: one that failed is left behind, not valid`),
  ];
}

/** What contracts says since when nobody uses it, and shuts out those before. */
function contractOf(all: string[], contracts: string | undefined, releases: readonly string[]): string[] {
  const shuts = all.filter((one) => /\bleast_program\b/i.test(one));
  if (contracts === undefined) return shuts.length > 0 ? ['sets least_program: say `contracts` in the class'] : [];
  return [
    ...(releases.includes(contracts) ? [] : [`contracts names no release: ${contracts}`]),
    ...(shuts.some((one) => one.includes(`'${contracts}'`))
      ? []
      : [`set least_program of deployment to '${contracts}'`]),
  ];
}
