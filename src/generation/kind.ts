import type { DynamicModule, Type } from '@nestjs/common';
import type { Result } from '../catalog/store.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import type { Answer, Ask } from '../llm/llm.js';

/** What a kind reads from an answer, besides the subject of the job. */
export type Written = Pick<Result, 'named' | 'genres' | 'text'> & { subject: Omit<Result['subject'], 'spelled'> };

/** How texts of one kind are written. */
export interface TextKind {
  ask: (job: GenerationJob) => Ask;
  /** @throws GenerationFailure when the answer is invalid, or about another subject */
  read: (ask: Ask, answer: Answer, job: GenerationJob) => Written;
}

/** What the folder of a kind provides. Names of tables, fields and queues stand in its row of `KINDS`. */
export interface KindFolder {
  /** The class of a request. `check` throws if valid fields contradict each other. */
  request: { dto: Type<object>; check: (dto: never) => unknown };
  /** Its routes. Only a server loads them. */
  routes: () => Promise<DynamicModule>;
  /** Only a worker loads it. */
  kind: () => Promise<TextKind>;
}
