import { KINDS } from '../domain/kinds.js';
import { type AnyQueueName, QUEUE_OF_ROW, WEBHOOK_QUEUE } from '../domain/queues.js';
import type { HoldReason } from '../domain/vocabulary.js';
import { type HeldModel, MODEL_HOLD } from './held-models.js';
import type { GenerationJob } from './generation-job.entity.js';
import type { ModelPause } from './throttle.js';
import { MIDNIGHT, SPENT_BY_ALL, SPENT_BY_MAKER } from './uses.js';

/**
 * For a SELECT from `generation_jobs AS job`: what holds it up; NULL: nothing, or it does not wait. It makes a few
 * look-ups in tables of a few rows. What lasts longest comes first: the end of an operator's pause is not known.
 */
export const HOLD = `CASE WHEN job.status = 'PENDING' THEN COALESCE(
  (SELECT jsonb_build_object('reason', 'PAUSED', 'since', paused_at, 'next_probe_at', NULL) FROM queue_pauses
   WHERE queue = ${QUEUE_OF_ROW}),
  (SELECT jsonb_build_object('reason', 'BUDGET_SPENT', 'since', since, 'next_probe_at', ${MIDNIGHT})
   FROM (${SPENT_BY_ALL} UNION ALL (${SPENT_BY_MAKER})) AS spent WHERE since IS NOT NULL LIMIT 1),
  (SELECT jsonb_build_object('reason', 'MODEL_UNAVAILABLE', 'message', message, 'since', opened_at,
     'next_probe_at', next_probe_at) FROM (${MODEL_HOLD}) AS held),
  (SELECT jsonb_build_object('reason', 'RATE_LIMITED', 'since', since, 'next_probe_at', until) FROM throttles
   WHERE name = 'model' AND until > now())) END`;

const MESSAGES: Record<HoldReason, (queue: string) => string> = {
  PAUSED: (queue) => `An operator has paused the queue ${queue}; the job runs when it is resumed.`,
  BUDGET_SPENT: () => 'The tokens of this day are spent; the job runs after midnight UTC.',
  MODEL_UNAVAILABLE: () => 'The model does not answer; the job runs when it does.',
  RATE_LIMITED: () => 'The model’s service has asked for a pause; the job runs after it.',
};

/** The same in the form of the API. */
export function holdOf({ entity, hold }: Pick<GenerationJob, 'entity' | 'hold'>) {
  if (!hold) return null;
  const { reason, message, since, next_probe_at } = hold;
  return {
    reason,
    message: message ?? MESSAGES[reason](KINDS[entity].queue),
    since: new Date(since).toISOString(),
    next_probe_at: next_probe_at && new Date(next_probe_at).toISOString(),
  };
}

/** The budget of all jobs, when it is spent. */
export interface SpentBudget {
  since: Date;
  until: Date;
}

/** For reports: no row, or one. */
export const SPENT_BUDGET = `SELECT since, ${MIDNIGHT} AS until
  FROM (${SPENT_BY_ALL}) AS spent WHERE since IS NOT NULL`;

interface QueueState {
  name: AnyQueueName;
  paused_at: Date | null;
  budget: SpentBudget | null;
  throttle: ModelPause | null;
  model: HeldModel | null;
}

/** What holds up all jobs of a queue, in the same form; `null`: nothing. */
export function queueHoldOf({ name, paused_at, budget, throttle, model }: QueueState) {
  if (paused_at) {
    const message = `An operator has paused the queue ${name}; it goes on when it is resumed.`;
    return { reason: 'PAUSED' as const, message, since: paused_at.toISOString(), next_probe_at: null };
  }
  if (name === WEBHOOK_QUEUE) return null;
  if (budget) {
    const [since, next_probe_at] = [budget.since.toISOString(), budget.until.toISOString()];
    const message = 'The tokens of this day are spent; the queue goes on after midnight UTC.';
    return { reason: 'BUDGET_SPENT' as const, message, since, next_probe_at };
  }
  if (model) {
    const [since, next_probe_at] = [model.opened_at.toISOString(), model.next_probe_at.toISOString()];
    return { reason: 'MODEL_UNAVAILABLE' as const, message: model.message, since, next_probe_at };
  }
  if (!throttle) return null;
  const { reason, since, until } = throttle;
  return {
    reason: 'RATE_LIMITED' as const,
    message:
      `${reason ?? 'The model’s service is not to be asked.'} It has asked for a pause; ` +
      'the queue goes on after it.',
    since: since.toISOString(),
    next_probe_at: until.toISOString(),
  };
}
