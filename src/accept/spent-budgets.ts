import { Injectable } from '@nestjs/common';
import type { Origin } from '../access/origin.js';
import { Config } from '../config/config.js';
import type { Database } from '../database/sql.js';
import { ProblemException, spentBudget } from '../http/problem.js';
import { Budget, type Day } from '../ledger/budget.js';
import { countNew } from '../ledger/insert.js';
import type { AskedText } from './asked.js';

/** A request, and those of its texts that are not there yet. */
interface Wanted {
  origin: Origin;
  texts: AskedText[];
}

/** Refuses requests whose texts would only wait, because the tokens of this day are spent. */
@Injectable()
export class SpentBudgets {
  constructor(
    private readonly budget: Budget,
    private readonly config: Config,
  ) {}

  /** One statement where there is a budget, none where there is not. @returns `null`: it is accepted; in their order */
  async refusals(db: Database, wanted: Wanted[]): Promise<(ProblemException | null)[]> {
    const limited = wanted.filter(({ origin, texts }) => texts.length > 0 && this.isLimited(origin));
    if (limited.length === 0) return wanted.map(() => null);
    const keys = limited.flatMap(({ origin }) => (origin.daily_tokens === null ? [] : [origin.api_key_id!]));
    const day = await this.budget.today(db, keys);
    const refusals: (ProblemException | null)[] = [];
    for (const one of wanted) refusals.push(limited.includes(one) ? await this.refusalOf(db, one, day) : null);
    return refusals;
  }

  private isLimited({ daily_tokens }: Origin): boolean {
    return this.config.dailyTokens > 0 || daily_tokens !== null;
  }

  /** Who joins a job that waits already makes nothing new. */
  private async refusalOf(db: Database, { origin, texts }: Wanted, day: Day): Promise<ProblemException | null> {
    const { api_key_id, daily_tokens } = origin;
    const { dailyTokens } = this.config;
    const isSpent = dailyTokens > 0 && day.all >= dailyTokens;
    const isOwnSpent = daily_tokens !== null && day.by(api_key_id) >= daily_tokens;
    if (!isSpent && !isOwnSpent) return null;
    if ((await countNew(db, texts)) === 0) return null;
    return spentBudget(isOwnSpent ? daily_tokens : dailyTokens, day.secondsLeft);
  }
}
