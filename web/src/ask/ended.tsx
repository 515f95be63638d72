import { acts, by, type Job, type MovieRef, type PersonRef, retryJob } from '../data/api.ts';
import { Button } from '../parts/button.tsx';
import { Problem } from '../parts/problem.tsx';
import { words } from '../words/words.ts';
import { useAct, useAsking } from './asking.ts';
import type { Kind, Request } from './wish.ts';

const kindOf = (job: Job): Kind => (job.entity === 'MOVIE' ? 'movie' : 'person');

/** Why it failed, and what can be done about it. */
export function Failed({ job, told }: { job: Job; told: (job: Job) => void }) {
  const { ask: w } = words.value;
  const { busy, error, act } = useAct();
  const suggestions = job.error?.suggestions ?? [];
  const retry = async () => {
    const { data } = await retryJob({ ...by(acts()), path: { id: job.job_id } });
    told(data);
  };
  return (
    <div class="stack">
      <div class="notice bad">
        <p>
          <strong>{job.error ? w.errors[job.error.type] : w.states.FAILED}</strong>
        </p>
        {job.error && (
          <p>
            <small lang="en">{job.error.message}</small>
          </p>
        )}
      </div>
      {suggestions.length > 0 && <Suggestions job={job} suggestions={suggestions} />}
      {error !== null && <Problem error={error} />}
      <p class="row">
        <Button
          look={suggestions.length > 0 ? 'quiet' : job.error?.retryable ? 'main' : 'plain'}
          busy={busy}
          onClick={() => void act(retry)}
        >
          {w.retry}
        </Button>
        {job.error && <small class="hint">{job.error.retryable ? w.retryHelps : w.retryHardly}</small>}
      </p>
    </div>
  );
}

/** Each slug can be asked for as it is: then exactly that one is meant. */
function Suggestions({ job, suggestions }: { job: Job; suggestions: (MovieRef | PersonRef)[] }) {
  const { ask: w } = words.value;
  const { busy, error, ask } = useAsking();
  return (
    <div class="stack">
      <p id={`meant-${job.job_id}`}>{w.meant}</p>
      <ul class="row plain" aria-labelledby={`meant-${job.job_id}`}>
        {suggestions.map((one) => (
          <li key={one.slug}>
            <Button
              busy={busy}
              onClick={() =>
                void ask(kindOf(job), { slug: one.slug, locale: job.locale, context_tag: job.context_tag }, nameOf(one))
              }
            >
              {nameOf(one)}
            </Button>
          </li>
        ))}
      </ul>
      {error !== null && <Problem error={error} />}
    </div>
  );
}

function nameOf(one: MovieRef | PersonRef): string {
  const [text, year] = 'title' in one ? [one.title, one.release_year] : [one.name, one.birth_year];
  return year === null ? text : `${text} (${year})`;
}

/** CANCELLED or EXPIRED: nothing was written. */
export function Stopped({ job, request }: { job: Job; request: Request | undefined }) {
  const { ask: w } = words.value;
  const { busy, error, ask } = useAsking();
  const { requested_slug: slug, locale, context_tag } = job;
  const again = request ?? { slug, locale, context_tag };
  return (
    <div class="stack">
      <p>{job.status === 'EXPIRED' ? w.expired : w.cancelled}</p>
      {error !== null && <Problem error={error} />}
      <p>
        <Button busy={busy} onClick={() => void ask(kindOf(job), again)}>
          {w.askAgain}
        </Button>
      </p>
    </div>
  );
}
