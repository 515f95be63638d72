/** Who holds a slot of a server, and who waits for one, in order. */
interface Slots {
  taken: number;
  waiting: (() => void)[];
}

/** Bounds what one server gets at once: one that takes its time leaves room for all others. */
export class HostSlots {
  private readonly hosts = new Map<string, Slots>();

  /** @param most at once, by server */
  constructor(private readonly most: number) {}

  /**
   * Where a server is quick a slot is free in no time; waiting for it costs less than coming again.
   * @returns whether there is one within `waitMs`; then it is to be given back
   */
  async take(host: string, waitMs: number): Promise<boolean> {
    const slots = this.hosts.get(host) ?? { taken: 0, waiting: [] };
    this.hosts.set(host, slots);
    if (slots.taken < this.most) {
      slots.taken++;
      return true;
    }
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
  giveBack(host: string): void {
    const slots = this.hosts.get(host)!;
    const next = slots.waiting.shift();
    if (next) return next();
    slots.taken--;
    if (slots.taken === 0) this.hosts.delete(host);
  }
}
