import { useEffect, useRef, useState } from 'preact/hooks';
import { acts, api, isFinished, type Job, ProblemError } from '../data/api.ts';
import { useJob } from '../data/live.ts';
import { link } from '../data/place.ts';
import { Button } from '../parts/button.tsx';
import { Skeleton } from '../parts/loading.tsx';
import { Problem } from '../parts/problem.tsx';
import { Badge } from '../parts/small.tsx';
import { languageName } from '../words/numbers.ts';
import { words } from '../words/words.ts';
import { useAct } from './asking.ts';
import { toneName } from './choices.ts';
import { Failed, Stopped } from './ended.tsx';
import { accepted, asked, forget, newest } from './kept.ts';
import { Stages } from './stages.tsx';
import { Tries } from './tries.tsx';
import { Waiting, Writing } from './waiting.tsx';
import type { Request } from './wish.ts';
import { Written } from './written.tsx';

interface JobCardProps {
  id: string;
  /** What the title is in the document: on its own view the first, in a list one below that of the list. */
  heading: 'h1' | 'h3';
  /** Whether the text is shown without being asked for. */
  open: boolean;
}

/** A job as it moves. */
export function JobCard({ id, heading: Heading, open }: JobCardProps) {
  const { ask: w } = words.value;
  const { job, error, told } = useJob(id, accepted.get(id));
  const entry = asked.value.find((one) => one.id === id);
  const name = entry?.name ?? nameOf(entry?.request) ?? job?.requested_slug ?? w.job;
  const gone = error instanceof ProblemError && error.status === 404;
  const card = useRef<HTMLElement>(null);
  const isNew = newest.value === id;
  useEffect(() => {
    if (!isNew) return;
    card.current?.scrollIntoView({ block: 'nearest' });
    newest.value = '';
  }, [isNew]);
  return (
    <article ref={card} class="card job" data-status={job?.status}>
      <header class="row apart">
        <Heading>
          {Heading === 'h1' ? name : <a href={link(['jobs', id])}>{name}</a>}
          {entry?.request && yearOf(entry.request)}
        </Heading>
        {entry && (
          <button type="button" class="button quiet small" aria-label={w.remove(name)} onClick={() => forget(id)}>
            ✕
          </button>
        )}
      </header>
      {gone ? (
        <p class="notice">{w.gone}</p>
      ) : (
        <>
          {error !== null && <Problem error={error} />}
          {job ? <Body job={job} told={told} request={entry?.request} open={open} /> : <Skeleton lines={3} />}
        </>
      )}
    </article>
  );
}

interface BodyProps {
  job: Job;
  told: (job: Job) => void;
  request: Request | undefined;
  open: boolean;
}

function Body({ job, told, request, open }: BodyProps) {
  const { ask: w } = words.value;
  return (
    <>
      <p class="row about">
        <Badge>{w.kinds[job.entity === 'MOVIE' ? 'movie' : 'person']}</Badge>
        <Badge>{languageName(job.locale)}</Badge>
        <Badge>{toneName(job.context_tag)}</Badge>
      </p>
      <Stages job={job} />
      {job.status === 'PENDING' && <Waiting job={job} />}
      {job.status === 'IN_PROGRESS' && <Writing job={job} />}
      {job.status === 'DONE' && <Written job={job} open={open} />}
      {job.status === 'FAILED' && <Failed job={job} told={told} />}
      {(job.status === 'CANCELLED' || job.status === 'EXPIRED') && <Stopped job={job} request={request} />}
      <div class="row apart job-foot">
        <Tries job={job} />
        {!isFinished(job) && <Cancel job={job} told={told} />}
      </div>
    </>
  );
}

/** 200: it has ended; 202: its call is being given up; 409: it was faster. */
function Cancel({ job, told }: { job: Job; told: (job: Job) => void }) {
  const { ask: w } = words.value;
  const { busy, error, act } = useAct();
  const [asked, setAsked] = useState(false);
  const cancel = async () => {
    try {
      told(await acts().cancel(job.job_id));
      setAsked(true);
    } catch (refused) {
      if (!(refused instanceof ProblemError) || refused.status !== 409) throw refused;
      told(await api().job(job.job_id));
    }
  };
  return (
    <div class="stack">
      {error !== null && <Problem error={error} />}
      <Button look="quiet" busy={busy || asked} onClick={() => void act(cancel)}>
        {asked ? w.cancelling : w.cancel}
      </Button>
    </div>
  );
}

const nameOf = (request: Request | undefined) => request?.title ?? request?.name ?? request?.slug;

function yearOf({ release_year, birth_year }: Request) {
  const year = release_year ?? birth_year;
  return year === undefined || year === null ? null : <small class="year"> {year}</small>;
}
