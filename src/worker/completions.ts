import { Injectable } from '@nestjs/common';
import { store, storeKeys } from '../catalog/store.js';
import type { Result } from '../catalog/told.js';
import { Batched } from '../database/batched.js';
import { isDatabaseUnavailable } from '../database/sql.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { JobsService } from '../ledger/jobs.service.js';
import { type Outcome, Settlement } from '../ledger/settle.js';

/**
 * Most transactions that settle at once. A group forms while they are under way: no outcome waits while there is room.
 */
const AT_ONCE = 3;
/** Most outcomes in one transaction. More would keep their jobs locked for longer than a cancellation should wait. */
const MOST = 25;

type Settled = { job: GenerationJob | null } | { error: unknown };

/**
 * Settles the outcomes of claims; outcomes that come meanwhile form a group. A result that breaks its group is settled
 * alone.
 */
@Injectable()
export class Completions {
  private readonly groups = new Batched((outcomes: Outcome<Result>[]) => this.settleAll(outcomes), AT_ONCE, MOST);

  constructor(
    private readonly settlement: Settlement,
    private readonly jobs: JobsService,
  ) {}

  /** @returns the job as it is now; `null`: its lease was lost */
  async settle(outcome: Outcome<Result>): Promise<GenerationJob | null> {
    const settled = await this.groups.ask(outcome);
    if ('error' in settled) throw settled.error;
    // Others hear of it while the next group is settled.
    return settled.job && this.jobs.published(settled.job);
  }

  private async settleAll(outcomes: Outcome<Result>[]): Promise<Settled[]> {
    const settled = new Map<Outcome<Result>, Settled>();
    for (const group of groupsOf(outcomes)) {
      const answers = await this.settleGroup(group);
      for (const [n, outcome] of group.entries()) settled.set(outcome, answers[n]!);
    }
    return outcomes.map((outcome) => settled.get(outcome)!);
  }

  private async settleGroup(group: Outcome<Result>[]): Promise<Settled[]> {
    const since = performance.now();
    try {
      const jobs = await this.settlement.settle(group, store);
      const seconds = (performance.now() - since) / 1000;
      for (const job of jobs) if (job?.status === 'DONE') this.jobs.events.emit('stored', job, seconds);
      return jobs.map((job) => ({ job }));
    } catch (error) {
      if (group.length === 1 || isDatabaseUnavailable(error)) return group.map(() => ({ error }));
      const alone: Settled[] = [];
      for (const outcome of group) alone.push(...(await this.settleGroup([outcome])));
      return alone;
    }
  }
}

/** Results of one name are stored one after the other. */
function groupsOf(outcomes: Outcome<Result>[]): Outcome<Result>[][] {
  const groups: { keys: Set<string>; outcomes: Outcome<Result>[] }[] = [];
  for (const outcome of outcomes) {
    const keys = outcome.kind === 'done' ? storeKeys(outcome.result) : [];
    let group = groups.find((one) => !keys.some((key) => one.keys.has(key)));
    if (!group) groups.push((group = { keys: new Set(), outcomes: [] }));
    for (const key of keys) group.keys.add(key);
    group.outcomes.push(outcome);
  }
  return groups.map((group) => group.outcomes);
}
