/** Who holds a slot of one name, and who waits for one, in order. */
interface Named {
  taken: number;
  waiting: (() => void)[];
}

/** Bounds what one key or one server gets at once: one that takes its time leaves room for all others. */
export class Slots {
  private readonly named = new Map<string, Named>();

  /** @param most at once, by name; as many may wait */
  constructor(private readonly most: number) {}

  /**
   * Where a server is quick a slot is free in no time; waiting for it costs less than coming again.
   * @returns whether there is one within `waitMs`; then it is to be given back
   */
  async take(name: string, waitMs: number): Promise<boolean> {
    const slots = this.named.get(name) ?? { taken: 0, waiting: [] };
    this.named.set(name, slots);
    if (slots.taken < this.most) {
      slots.taken++;
      return true;
    }
    // Who waits takes room from the others too.
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

  /** The slot goes to who has waited longest. */
  giveBack(name: string): void {
    const slots = this.named.get(name)!;
    const next = slots.waiting.shift();
    if (next) return next();
    slots.taken--;
    if (slots.taken === 0) this.named.delete(name);
  }
}
