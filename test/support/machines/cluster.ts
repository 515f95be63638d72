import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { eventually } from '../run/eventually.ts';
import { recorded } from '../ledger/evidence.ts';
import { breaches, type Breach } from '../ledger/invariants.ts';
import { Load, type More } from '../client/load.ts';
import { OwnPostgres } from './own-postgres.ts';
import { OwnRedis } from './own-redis.ts';
import { Receiver } from '../client/receiver.ts';
import { Program } from '../server/process.ts';
import { Proxy } from './proxy.ts';
import { StubModel } from '../model/stub-model.ts';

type Invariants = typeof import('../../../src/health/invariants.js');

export interface ClusterOptions {
  driver: 'redis' | 'database';
  apis?: number;
  workers?: number;
  /** Start Redis later. */
  redisAbsent?: boolean;
  /** Options that win over redis.conf. */
  redisOptions?: string[];
  /** A PostgreSQL that stands already; ended with the cluster. */
  postgres?: Server;
  settings?: Record<string, string>;
}

export const TRIES = 3;
export const LEASE_MS = 5000;
/**
 * Bound of every wait for "all jobs are in a final state", milliseconds: today's 60 s of doubt, and the work after
 * it.
 */
export const SETTLED_WITHIN_MS = 90_000;
/** SQLSTATE deadlock_detected. */
const DEADLOCK = '40P01';
/** Jobs whose final status is polled at the end. */
const SAMPLE = 200;

/** A PostgreSQL to be ill-treated. */
type Server = Pick<OwnPostgres, 'url' | 'stopImmediately' | 'startAgain' | 'remove'>;

type Role = 'api' | 'worker';

/** One process and the place it holds: a restart takes the same place. */
export interface Member {
  role: Role;
  program: Program;
  url: string;
  frozen: boolean;
}

/** Jobs that a worker runs at once, per queue. */
export const CONCURRENCY = 8;

/** Everything one test may break, as real processes: Redis, PostgreSQL, APIs, workers, and the wires between them. */
export class Cluster {
  readonly members: Member[] = [];
  /** All that were ever members. */
  private readonly programs: Program[] = [];
  /** The one API that clients ask; `null`: all of them in turn. */
  only: Member | null = null;
  readonly load = new Load(() => (this.only ? [this.only] : this.apis).map(({ url }) => url));
  model: StubModel;
  /** Whom the jobs of {@link webhook} tell. */
  receiver: Receiver;
  db: pg.Pool;
  postgres: Server;
  redis: OwnRedis | null = null;
  redisWire: Proxy | null = null;
  postgresWire: Proxy;
  /** What every process is started with. */
  settings: Record<string, string>;

  static async start(options: ClusterOptions): Promise<Cluster> {
    const cluster = new Cluster();
    try {
      await cluster.startServices(options);
      const { apis = 1, workers = 1 } = options;
      const roles = [...Array<Role>(apis).fill('api'), ...Array<Role>(workers).fill('worker')];
      // Where nothing is migrated yet, one of them does it, and the others wait for its lock.
      await Promise.all(roles.map((role) => cluster.add(role)));
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** Those that answer: one that still starts has no address. */
  get apis(): Member[] {
    return this.members.filter(({ role, url }) => role === 'api' && url);
  }

  get workers(): Member[] {
    return this.members.filter(({ role }) => role === 'worker');
  }

  /** @param script the entry of another program than this one */
  async add(role: Role, more: Record<string, string> = {}, script?: string): Promise<Member> {
    const program = new Program({ ...this.settings, ROLE: role, ...more }, script);
    const member: Member = { role, program, url: '', frozen: false };
    this.members.push(member);
    this.programs.push(program);
    const url = await program.ready();
    member.url = role === 'api' ? url : '';
    return member;
  }

  /** Ends a process and forgets it. @returns its exit code; `null` when the signal itself ended it */
  async end(member: Member, signal: NodeJS.Signals): Promise<number | null> {
    const place = this.members.indexOf(member);
    if (place >= 0) this.members.splice(place, 1);
    const { child } = member.program;
    if (child.exitCode === null && child.signalCode === null) return member.program.end(signal);
    return child.exitCode;
  }

  async replace(member: Member, signal: NodeJS.Signals): Promise<Member> {
    await this.end(member, signal);
    return this.add(member.role);
  }

  freeze(member: Member): void {
    member.frozen = true;
    member.program.child.kill('SIGSTOP');
  }

  thaw(member: Member): void {
    member.frozen = false;
    member.program.child.kill('SIGCONT');
  }

  /** Empties the queue behind the program's back, jobs waiting and running alike, and the status cache with it. */
  async wipeQueue(): Promise<void> {
    if (this.redis) return void (await this.redis.ask((client) => client.flushall()));
    const { rows } = await this.db.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables
       WHERE table_schema = 'bullmq' AND table_type = 'BASE TABLE' AND table_name NOT LIKE '%migration%'`,
    );
    const truncate = `TRUNCATE ${rows.map(({ name }) => `bullmq."${name}"`).join(', ')}`;
    // It takes locks in another order than those who use the tables, and PostgreSQL may choose either to give way.
    await eventually(
      () =>
        this.db.query(truncate).catch((error: { code?: string }) => {
          if (error.code === DEADLOCK) return null;
          throw error;
        }),
      30_000,
    );
  }

  async rows<T>(text: string, values: unknown[] = []): Promise<T[]> {
    return (await this.db.query(text, values)).rows as T[];
  }

  /** For what asks the database itself. */
  get session() {
    return { query: (text: string, values?: unknown[]) => this.rows(text, values) };
  }

  async unfinished(): Promise<number> {
    const [row] = await this.rows<{ count: number }>(
      `SELECT count(*)::int FROM generation_jobs WHERE status IN ('PENDING', 'IN_PROGRESS')`,
    );
    return row!.count;
  }

  /** Waits, bounded, until every row is in a final state. @returns milliseconds it took; `null`: it did not */
  async settled(withinMs = SETTLED_WITHIN_MS): Promise<number | null> {
    const started = Date.now();
    const ended = eventually(async () => (await this.unfinished().catch(() => 1)) === 0, withinMs);
    return ended.then(() => Date.now() - started).catch(() => null);
  }

  /** Waits, bounded, until no message is to be sent any more; those that are left are breaches. */
  async toldAll(withinMs = SETTLED_WITHIN_MS): Promise<void> {
    const pending = () => this.rows(`SELECT 1 FROM webhook_deliveries WHERE status = 'PENDING' LIMIT 1`);
    await eventually(async () => (await pending().catch(() => [1])).length === 0, withinMs).catch(() => undefined);
  }

  /** Fields of a request for every third job: to be told of everything, each at an address of its own. */
  webhook(n: number): More {
    if (n % 3 !== 0) return {};
    return { webhook_url: this.receiver.url(`/${n}`), webhook_events: ['job.started', 'job.completed', 'job.failed'] };
  }

  /** Processes that ended though nobody ended them. */
  get deaths(): string[] {
    const dead = this.members.filter(({ program: { child } }) => child.exitCode !== null || child.signalCode !== null);
    return dead.map(({ role, program }) => `${role} died: ${program.output.slice(-500)}`);
  }

  /** Errors that the program has not foreseen, as its processes have logged them. */
  get defects(): string[] {
    const logged = this.programs.flatMap(({ output }) => output.match(/.*"type":"UNKNOWN_ERROR".*/g) ?? []);
    return logged.map((line) => line.slice(0, 1500));
  }

  /** Waits for the end of all jobs, polls a sample of them, then checks every invariant. @returns what does not hold */
  async verdict(withinMs = SETTLED_WITHIN_MS): Promise<(string | Breach)[]> {
    await this.settled(withinMs);
    await this.toldAll(withinMs);
    const sample = [...new Set([...this.load.observed.keys(), ...this.load.accepted.keys()])].slice(-SAMPLE);
    while (sample.length > 0) await Promise.all(sample.splice(0, 25).map((id) => this.load.poll(id)));
    return [...(await this.breaches()), ...this.load.offences, ...this.deaths, ...this.defects].slice(0, 20);
  }

  async breaches(): Promise<Breach[]> {
    const { accepted, observed, retried, subscribed } = this.load;
    const heard = { subscribed, taken: this.receiver.ids };
    const { counts: calls, spent } = this.model;
    const evidence = { tries: TRIES, accepted: accepted.keys(), observed, retried, calls, spent, ...heard };
    return [...breaches({ ...evidence, ...(await recorded(this.db)) }), ...(await this.ownBreaches())];
  }

  /** As the program itself finds them. */
  private async ownBreaches(): Promise<Breach[]> {
    const path = join(process.cwd(), 'dist/modules/src/health/invariants.js');
    const { ledgerBreaches } = (await import(path)) as Invariants;
    const found = await ledgerBreaches(this.session);
    const detailed = found.map(({ invariant, detail, of }) => ({ of, detail: `${invariant}: ${detail}` }));
    return detailed.map((one) => ({ invariant: 'the ledger itself', ...one }));
  }

  /** Ends what this cluster started, whatever state it is in. */
  async stop(): Promise<void> {
    this.load.close();
    await Promise.all([...this.members].map((member) => this.end(member, 'SIGKILL')));
    await this.db?.end().catch(() => undefined);
    for (const wire of [this.redisWire, this.postgresWire]) await wire?.stop();
    await Promise.all([this.redis?.remove(), this.postgres?.remove(), this.model?.stop(), this.receiver?.stop()]);
  }

  private async startServices({
    driver,
    redisAbsent,
    redisOptions = [],
    postgres,
    settings,
  }: ClusterOptions): Promise<void> {
    this.model = await StubModel.start();
    this.receiver = await Receiver.start();
    this.postgres = postgres ?? (await OwnPostgres.start());
    const { url } = this.postgres;
    // The test's own look at the database does not go through the wire that it damages.
    this.db = new pg.Pool({ connectionString: url, max: 3 });
    this.db.on('error', () => undefined);
    this.postgresWire = await Proxy.to(url);
    if (driver === 'redis') {
      this.redis = await OwnRedis.reserve();
      if (!redisAbsent) await this.redis.start(...redisOptions);
      this.redisWire = await Proxy.to(this.redis.url);
    }
    this.settings = {
      DATABASE_URL: this.postgresWire.around(url),
      QUEUE_CONNECTION: driver,
      QUEUE_PREFIX: `fault-${randomBytes(4).toString('hex')}`,
      ...(this.redis && { REDIS_URL: this.redisWire!.around(this.redis.url) }),
      OPENAI_API_KEY: 'key-0123456789',
      OPENAI_BASE_URL: this.model.url,
      // Some answers take longer than a lease.
      OPENAI_TIMEOUT_MS: String(2 * LEASE_MS),
      GENERATION_TRIES: String(TRIES),
      GENERATION_BACKOFF_MS: '50',
      JOB_LEASE_MS: String(LEASE_MS),
      WORKER_CONCURRENCY: String(CONCURRENCY),
      WEBHOOK_ALLOW_PRIVATE: 'true',
      WEBHOOK_BACKOFF_MS: '50',
      WEBHOOK_TIMEOUT_MS: '5000',
      AUTH_REQUIRED: 'false',
      LOG_LEVEL: 'warn',
      ...settings,
    };
  }
}
