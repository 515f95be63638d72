import type { Result } from '../catalog/store.js';
import type { EntityKind } from '../domain/kinds.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import type { Answer, Ask } from '../llm/llm.js';

/** What a kind says of a text that was written, besides whose it is. */
export type Written = Pick<Result, 'named' | 'genres' | 'text'> & { subject: Omit<Result['subject'], 'spelled'> };

/** How texts of one kind are written: its folder hands this in. */
export interface TextKind {
  entity: EntityKind;
  ask: (job: GenerationJob) => Ask;
  /** @throws GenerationFailure when the answer is unfit, or about something else */
  read: (ask: Ask, answer: Answer, job: GenerationJob) => Written;
}
