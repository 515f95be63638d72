import type { Result } from '../catalog/store.js';
import type { EntityKind } from '../domain/kinds.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import type { Answer, Ask } from '../llm/llm.js';

/** What a kind reads from an answer, besides the subject of the job. */
export type Written = Pick<Result, 'named' | 'genres' | 'text'> & { subject: Omit<Result['subject'], 'spelled'> };

/** How texts of one kind are written. The folder of the kind provides it. */
export interface TextKind {
  entity: EntityKind;
  ask: (job: GenerationJob) => Ask;
  /** @throws GenerationFailure when the answer is invalid, or about another subject */
  read: (ask: Ask, answer: Answer, job: GenerationJob) => Written;
}
