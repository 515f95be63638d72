import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Config } from '../config/config.js';
import { JobsService } from '../ledger/jobs.service.js';
import type { Loop } from '../timing/loop.js';
import { Loops } from '../timing/loops.js';
import { Rounds } from '../timing/rounds.js';
import { within } from '../timing/within.js';
import { ProcessBeat } from './process-beat.js';
import { WorkerRegistry } from './worker-registry.js';

/** Why a running call is aborted. */
class Abort extends Error {}
export const LEASE_LOST = new Abort('lease lost');
export const SHUTDOWN = new Abort('shutdown');

/**
 * How often a worker with running jobs checks whether it still holds them, milliseconds. A cancelled call must end
 * within about a second, however long the leases are. It is a read of its own. Renewing every second instead would
 * write every running row and its indexes ten times as often as a lease of 30 s needs.
 */
const WATCH_MS = 1000;

/** A claim this worker holds: its job, and the controller that aborts the model call. */
interface Claim {
  id: string;
  controller: AbortController;
}

/** The claims of this worker, by their tokens: renewed while they last, aborted when they are lost. */
@Injectable()
export class Leases implements OnApplicationBootstrap {
  private readonly claims = new Map<string, Claim>();
  private readonly logger = new Logger('Worker');
  private readonly heartbeat: Rounds;
  private readonly watch = new Rounds(
    () => this.look(),
    () => WATCH_MS,
  );
  private readonly renewed: Loop;
  private stopping = false;

  constructor(
    private readonly jobs: JobsService,
    private readonly registry: WorkerRegistry,
    private readonly process: ProcessBeat,
    config: Config,
    loops: Loops,
  ) {
    const everyMs = config.leaseMs / 3;
    this.renewed = loops.open('renew-leases', everyMs);
    this.heartbeat = new Rounds(
      () => this.beat(everyMs),
      (failures) => (failures === 0 ? everyMs : everyMs / 10),
    );
  }

  onApplicationBootstrap(): void {
    this.watch.start();
    this.heartbeat.start();
    void this.process.beat();
  }

  /** Whether they could not be renewed the last time: PostgreSQL is away, or takes no writes. */
  get failing(): boolean {
    return this.heartbeat.failing;
  }

  get size(): number {
    return this.claims.size;
  }

  /** @returns a signal, aborted when the lease is lost or the worker is told to stop */
  hold(id: string, token: string): AbortSignal {
    const controller = new AbortController();
    this.claims.set(token, { id, controller });
    if (this.stopping) controller.abort(SHUTDOWN);
    return controller.signal;
  }

  release(token: string): void {
    this.claims.delete(token);
  }

  /** Aborts every call, now and from now on. Leases are still renewed until {@link stop}. */
  abortAll(): void {
    this.stopping = true;
    for (const { controller } of this.claims.values()) controller.abort(SHUTDOWN);
  }

  /** Call it after the last job has ended. */
  stop(): void {
    for (const rounds of [this.watch, this.heartbeat]) void rounds.stop();
  }

  /**
   * Renews the leases and registers this worker, every third of a lease. After a failure it tries ten times as often,
   * so that leases survive an outage that is shorter than they are.
   */
  private async beat(everyMs: number): Promise<void> {
    void this.registry.beat();
    void this.process.beat();
    try {
      // A renewal that hangs is left alone: the next may get another connection.
      await within(everyMs, this.renew());
      this.renewed.succeeded();
    } catch (error) {
      this.renewed.refused(error);
      if (!this.heartbeat.failing) this.logger.warn({ msg: 'leases not renewed', reason: (error as Error).message });
      throw error;
    }
  }

  private async renew(): Promise<void> {
    const tokens = [...this.claims.keys()];
    if (tokens.length > 0) this.abortLost(tokens, await this.jobs.renewLeases(tokens));
  }

  private async look(): Promise<void> {
    // With nothing to look for, an earlier refusal is over: the next look that asks may be a day away.
    if (this.claims.size === 0) return this.renewed.succeeded('look');
    const claims = [...this.claims];
    const tokens = claims.map(([token]) => token);
    try {
      this.abortLost(tokens, await this.jobs.heldLeases(claims.map(([, { id }]) => id)));
      this.renewed.succeeded('look');
    } catch (error) {
      this.renewed.refused(error, 'look'); // the next look is a second away
    }
  }

  private abortLost(tokens: string[], held: Set<string>): void {
    for (const token of tokens) if (!held.has(token)) this.claims.get(token)?.controller.abort(LEASE_LOST);
  }
}
