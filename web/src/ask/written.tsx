import { useState } from 'preact/hooks';
import { api, by, getJob, type Job } from '../data/api.ts';
import { useLoad } from '../data/load.ts';
import { link } from '../data/place.ts';
import { Loading } from '../parts/loading.tsx';
import { Badge, Prose } from '../parts/small.tsx';
import { count, decimal, seconds } from '../words/numbers.ts';
import { words } from '../words/words.ts';

/** Source: the server names its mock so. */
const MOCK = 'mock';

export const readingOf = (job: Job) =>
  link([job.entity === 'MOVIE' ? 'films' : 'people', job.result?.slug ?? job.requested_slug], {
    locale: job.locale,
    tone: job.context_tag,
  });

/** A job that is done, with its text. */
export function Written({ job, open }: { job: Job; open: boolean }) {
  const { ask: w } = words.value;
  const [shown, setShown] = useState(open);
  return (
    <div class="stack">
      {shown ? (
        <WrittenText job={job} />
      ) : (
        <button type="button" class="button quiet start" onClick={() => setShown(true)}>
          {w.showText}
        </button>
      )}
      <p class="row">
        <a class="button main" href={readingOf(job)}>
          {w.read}
        </a>
        <Use job={job} />
      </p>
    </div>
  );
}

function WrittenText({ job }: { job: Job }) {
  const { ask: w } = words.value;
  const text = useLoad(
    async (signal) => {
      const { data } = await getJob({
        ...by(api()),
        path: { id: job.job_id },
        query: { include: 'text' },
        signal,
      });
      return data.text ?? null;
    },
    [job.job_id, job.result?.version],
  );
  return (
    <Loading of={text} lines={5}>
      {(written) =>
        written === null ? (
          <p class="notice">{w.textGone}</p>
        ) : (
          <div>
            {written.ai_model === MOCK && <Badge tint="wait">{w.sample}</Badge>}
            <Prose text={written.text} lang={written.locale} />
          </div>
        )
      }
    </Loading>
  );
}

/** What it took; of the mock there is nothing to tell. */
function Use({ job: { usage, result } }: { job: Job }) {
  const { ask: w } = words.value;
  const told = [
    result && w.version(result.version),
    usage && usage.model !== MOCK && usage.model,
    usage && usage.input_tokens + usage.output_tokens > 0 && w.tokens(usage.input_tokens + usage.output_tokens),
    usage && usage.duration_ms > 0 && seconds(usage.duration_ms / 1000),
    usage?.cost != null && w.cost(decimal(usage.cost, 4)),
  ].filter(Boolean);
  return <small class="hint">{told.join(' · ')}</small>;
}

export const tokensOf = (one: { input_tokens: number; output_tokens: number }) =>
  count(one.input_tokens + one.output_tokens);
