/** The holders of slots of one name, and those that wait for one, in order. */
interface NamedSlots {
  taken: number;
  waiting: (() => void)[];
}

/** Limits what one key or one server gets at once, so that a slow one leaves room for all others. */
export class Slots {
  private readonly named = new Map<string, NamedSlots>();

  /** @param most slots of each name; as many may wait */
  constructor(private readonly most: number) {}

  /**
   * Takes a slot. A short wait costs less than a later attempt, because a quick server frees a slot soon.
   * @returns whether there was one within `waitMs`; then it must be given back
   */
  async take(name: string, waitMs: number): Promise<boolean> {
    const slots = this.named.get(name) ?? { taken: 0, waiting: [] };
    this.named.set(name, slots);
    if (slots.taken < this.most) {
      slots.taken++;
      return true;
    }
    // Waiting messages take room from the others too.
    if (slots.waiting.length >= this.most) return false;
    return new Promise((done) => {
      const handedOver = () => {
        clearTimeout(timer);
        done(true);
      };
      const timer = setTimeout(() => {
        slots.waiting.splice(slots.waiting.indexOf(handedOver), 1);
        done(false);
      }, waitMs);
      slots.waiting.push(handedOver);
    });
  }

  /** The slot goes to the longest waiting one. */
  giveBack(name: string): void {
    const slots = this.named.get(name)!;
    const next = slots.waiting.shift();
    if (next) return next();
    slots.taken--;
    if (slots.taken === 0) this.named.delete(name);
  }
}
