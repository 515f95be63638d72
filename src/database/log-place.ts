/** A place in the write-ahead log, as PostgreSQL writes it: 16/B374D848. */
export type LogPlace = string;

const PLACE = /^([\dA-F]{1,8})\/([\dA-F]{1,8})$/;

/** Places in their order. @throws Error when it is none */
export function orderOf(place: LogPlace): bigint {
  const [, high, low] = PLACE.exec(place) ?? [];
  if (high === undefined) throw new Error('PostgreSQL names no place in its log');
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}

/** How long the lag is known for, samples: a replica that is further behind is behind by at least that. */
const MOST = 600;

/**
 * How far a replica is behind, without comparing clocks: it is remembered when the primary was where. So long ago is
 * the newest of these places that the replica has reached.
 */
export class Lag {
  private readonly samples: { at: number; place: bigint }[] = [];
  private reachedAt: number | null = null;

  /** @param at milliseconds of a monotonic clock @returns seconds; `null`: it has reached no place yet */
  seen(flushed: LogPlace, replayed: LogPlace, at: number): number | null {
    this.samples.push({ at, place: orderOf(flushed) });
    const reached = orderOf(replayed);
    while (this.samples.length > 0 && (this.samples[0]!.place <= reached || this.samples.length > MOST)) {
      const { at: then, place } = this.samples.shift()!;
      if (place <= reached) this.reachedAt = then;
    }
    if (this.reachedAt === null) return this.samples.length > 1 ? (at - this.samples[0]!.at) / 1000 : null;
    return (at - this.reachedAt) / 1000;
  }
}
