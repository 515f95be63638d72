/** Why a value is wrong; `null`: it is right. */
export type WhyNot = (value: unknown) => string | null;

/** What the decorators in fields.ts declare of a field. */
interface FieldRules {
  /** Whether it is required, once all others are read. */
  isRequired?: (request: object) => boolean;
  read?: (value: unknown) => unknown;
  whyNot?: WhyNot;
  /** `null` is a value of its own. */
  isNullable?: boolean;
  /** It has objects with rules of their own. */
  hasParts?: boolean;
  /** A query gives it name by name: `field.name=value`. */
  gathers?: boolean;
}

type Rules = Map<string, FieldRules>;

/** By the prototype of the class that declares them. */
const DECLARED = new WeakMap<object, Rules>();
/** By class, with those of the classes that it extends. */
const ALL = new WeakMap<object, Rules>();

/** Adds to what is known of a field. */
export const declare =
  (rules: FieldRules): PropertyDecorator =>
  (prototype, name) => {
    const own = DECLARED.get(prototype) ?? new Map<string, FieldRules>();
    DECLARED.set(prototype, own.set(name as string, { ...own.get(name as string), ...rules }));
  };

function rulesOf(type: new () => object): Rules {
  const known = ALL.get(type);
  if (known) return known;
  const all: Rules = new Map();
  for (let one: unknown = type.prototype; typeof one === 'object' && one; one = Object.getPrototypeOf(one))
    for (const [name, rules] of DECLARED.get(one) ?? []) all.set(name, { ...rules, ...all.get(name) });
  ALL.set(type, all);
  return all;
}

/** The fields of this class that a query gives name by name. */
export const gatheringOf = (type: new () => object): string[] =>
  [...rulesOf(type)].flatMap(([name, { gathers }]) => (gathers ? [name] : []));

/**
 * Reads a request of this class if it is surely right, by the same rules as class-validator and at a twentieth of its
 * cost. `null`: class-validator must say.
 */
export function readQuickly(type: new () => object, given: object): object | null {
  const all = rulesOf(type);
  if (all.size === 0) return null;
  const read = new type() as Record<string, unknown>;
  for (const [name, value] of Object.entries(given)) {
    const rules = all.get(name);
    if (!rules || rules.hasParts) return null;
    const taken: unknown = rules.read ? rules.read(value) : value;
    if (taken === null && rules.isNullable) read[name] = null;
    if (taken === undefined || taken === null) continue; // a default stays
    if (rules.whyNot && rules.whyNot(taken) !== null) return null;
    read[name] = taken;
  }
  for (const [name, { isRequired }] of all) if (read[name] === undefined && isRequired?.(read)) return null;
  return read;
}
