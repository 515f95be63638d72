import { Wiretap } from '../machines/wiretap.js';
import { eventually } from '../run/eventually.js';
import { preloaded, Program } from './process.js';

/** The loops of a process have all had their turn when it has said nothing new for so long, milliseconds. */
const NOTHING_NEW_MS = 6000;
/** Ids and times make texts a little longer or shorter. */
const FIFTY = 50;

/** What some work costs: what PostgreSQL and Redis receive, and what the process itself does. */
export interface Cost {
  statements: number;
  /** How often the process waits for PostgreSQL. */
  waits: number;
  commands: number;
  /** How often the process waits for Redis. */
  commandWaits: number;
  hashes: number;
  /** Texts that are parsed as JSON, and their letters, to the nearest fifty. */
  parsed: number;
  letters: number;
  /** Values that are written as JSON. */
  written: number;
  /** Draws from the system's random. */
  random: number;
}

/** A process of the program whose work is counted: on its wires, and in it. */
export class CountedProgram {
  private readonly postgres: Wiretap;
  private readonly redis: Wiretap;
  private readonly program: Program;
  private inside: number[] = [];
  url = '';

  private constructor(postgres: Wiretap, redis: Wiretap, program: Program) {
    this.postgres = postgres;
    this.redis = redis;
    this.program = program;
  }

  /** @param settings with DATABASE_URL, and REDIS_URL where there is one */
  static async start({ DATABASE_URL, REDIS_URL, ...settings }: Record<string, string>): Promise<CountedProgram> {
    const postgres = await Wiretap.on(DATABASE_URL!);
    const redis = await Wiretap.on(process.env.TEST_REDIS_URL!);
    const program = new Program({
      ...settings,
      ...preloaded('counted'),
      DATABASE_URL: postgres.around(DATABASE_URL!),
      ...(REDIS_URL && { REDIS_URL: redis.around(REDIS_URL) }),
    });
    const own = new CountedProgram(postgres, redis, program);
    own.url = await program.ready();
    return own;
  }

  /** Until its loops repeat themselves: what they say is known then, and is not counted. */
  async learn(): Promise<void> {
    let since = performance.now();
    await eventually(async () => {
      const news = [this.postgres.learn(), this.redis.learn()].some(Boolean);
      if (news) since = performance.now();
      return performance.now() - since > NOTHING_NEW_MS;
    }, 60_000);
  }

  /** The same, from another process that does the same. */
  learnFrom(other: CountedProgram): this {
    this.postgres.learnFrom(other.postgres);
    this.redis.learnFrom(other.redis);
    return this;
  }

  /** What each of `times` pieces of work cost. */
  async cost(times: number, work: () => Promise<unknown>): Promise<Cost> {
    await this.since();
    await work();
    const [statements, commands] = [this.postgres.taken(), this.redis.taken()];
    const waits = (said: typeof statements) => said.filter(({ begins }) => begins).length;
    const [hashes = 0, parsed = 0, letters = 0, written = 0, random = 0] = await this.since();
    const found: Cost = {
      statements: statements.length,
      waits: waits(statements),
      commands: commands.length,
      commandWaits: waits(commands),
      hashes,
      parsed,
      letters,
      written,
      random,
    };
    for (const what of Object.keys(found) as (keyof Cost)[]) {
      const step = what === 'letters' ? FIFTY : 1;
      found[what] = Math.round(found[what] / times / step) * step;
    }
    return found;
  }

  async stop(): Promise<void> {
    await this.program.end('SIGTERM');
    await Promise.all([this.postgres.stop(), this.redis.stop()]);
  }

  /** What it did inside since it was asked last; what its wires have heard until now is forgotten. */
  private async since(): Promise<number[]> {
    const before = this.program.stdout.length;
    this.program.child.kill('SIGUSR2');
    const told = await eventually(async () => /COUNTED ([\d ]+)\n/.exec(this.program.stdout.slice(before)));
    const now = told[1]!.split(' ').map(Number);
    const difference = now.map((count, n) => count - (this.inside[n] ?? 0));
    this.inside = now;
    this.postgres.taken();
    this.redis.taken();
    return difference;
  }
}
