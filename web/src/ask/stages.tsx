import type { Job } from '../data/api.ts';
import { words } from '../words/words.ts';

/** How far each state is; what stands after it lies ahead. */
const REACHED: Record<Job['status'], number> = {
  PENDING: 1,
  IN_PROGRESS: 2,
  DONE: 3,
  FAILED: 3,
  CANCELLED: 3,
  EXPIRED: 3,
};

/** The way of a job: asked, waiting, being written, and how it ended. */
export function Stages({ job: { status } }: { job: Job }) {
  const { ask: w } = words.value;
  const here = REACHED[status];
  const end = here === 3 ? w.states[status] : w.states.DONE;
  const bad = here === 3 && status !== 'DONE';
  return (
    <>
      <ol class="stages" aria-label={w.way}>
        {[w.asked, w.states.PENDING, w.states.IN_PROGRESS, end].map((name, stage) => (
          <li
            key={stage}
            class={stage < here ? 'past' : stage === here ? (bad ? 'here ended' : 'here') : 'ahead'}
            aria-current={stage === here ? 'step' : undefined}
          >
            <span class="dot" aria-hidden="true">
              {stage < here || (stage === here && status === 'DONE') ? '✓' : bad && stage === here ? '!' : ''}
            </span>
            {name}
          </li>
        ))}
      </ol>
      <p class="hidden-text" role="status">
        {w.states[status]}
      </p>
    </>
  );
}
