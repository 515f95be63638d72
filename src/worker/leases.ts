import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Config } from '../config/config.js';
import { JobsService } from '../ledger/jobs.service.js';
import type { Loop } from '../timing/loop.js';
import { Loops } from '../timing/loops.js';
import { WorkerRegistry } from './worker-registry.js';

/** Why a running call is aborted. */
class Abort extends Error {}
export const LEASE_LOST = new Abort('lease lost');
export const SHUTDOWN = new Abort('shutdown');
const TOO_SLOW = new Error('the database did not answer in time');

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
  private readonly stopped = new AbortController();
  private readonly renewed: Loop;
  private stopping = false;
  private looking: NodeJS.Timeout | undefined;
  private watching = false;

  constructor(
    private readonly jobs: JobsService,
    private readonly registry: WorkerRegistry,
    private readonly config: Config,
    loops: Loops,
  ) {
    this.renewed = loops.open('renew-leases', config.leaseMs / 3);
  }

  onApplicationBootstrap(): void {
    this.looking = setInterval(() => void this.watch(), WATCH_MS).unref();
    void this.heartbeat();
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
    clearInterval(this.looking);
    this.stopped.abort();
  }

  /**
   * Renews the leases and registers this worker, every third of a lease. After a failure it tries ten times as often,
   * so that leases survive an outage that is shorter than they are.
   */
  private async heartbeat(): Promise<void> {
    const { signal } = this.stopped;
    const everyMs = this.config.leaseMs / 3;
    for (let renewed = true; !signal.aborted;) {
      await sleep(renewed ? everyMs : everyMs / 10, undefined, { signal, ref: false }).catch(() => undefined);
      void this.registry.beat();
      // A renewal that hangs is left alone: the next may get another connection.
      const failure = await Promise.race([this.renew(), sleep(everyMs, TOO_SLOW, { ref: false })]);
      if (failure === null) this.renewed.succeeded();
      else this.renewed.refused(failure);
      if (failure !== null && renewed) this.logger.warn({ msg: 'leases not renewed', reason: failure.message });
      renewed = failure === null;
    }
  }

  /** @returns the error; `null`: the leases are renewed */
  private async renew(): Promise<Error | null> {
    const tokens = [...this.claims.keys()];
    if (tokens.length === 0) return null;
    try {
      this.abortLost(tokens, await this.jobs.renewLeases(tokens));
      return null;
    } catch (error) {
      return error as Error;
    }
  }

  private async watch(): Promise<void> {
    // Only one at a time: checks must not pile up while the database hangs.
    if (this.watching || this.claims.size === 0) return;
    this.watching = true;
    const claims = [...this.claims];
    const tokens = claims.map(([token]) => token);
    try {
      this.abortLost(tokens, await this.jobs.heldLeases(claims.map(([, { id }]) => id)));
      this.renewed.succeeded('look');
    } catch (error) {
      this.renewed.refused(error, 'look'); // the next look is a second away
    } finally {
      this.watching = false;
    }
  }

  private abortLost(tokens: string[], held: Set<string>): void {
    for (const token of tokens) if (!held.has(token)) this.claims.get(token)?.controller.abort(LEASE_LOST);
  }
}
