import { key } from '../data/session.ts';
import { link, place } from '../data/place.ts';
import { later } from '../parts/later.tsx';
import { words } from '../words/words.ts';
import './ask.css';
import { JobCard } from './job-card.tsx';
import { Start } from './start.tsx';

const Many = later(async () => (await import('./many.tsx')).Many);
const Batch = later(async () => (await import('./batch.tsx')).Batch);

/** What can be asked for, and what became of it. Another key may see other jobs, so then all is read anew. */
export function Ask() {
  const { path } = place.value;
  const [first, id] = path;
  const as = `${path.join('/')} ${key.value}`;
  if (first === 'jobs' && id !== undefined) return <OneJob key={as} id={id} />;
  if (first === 'batches') return id === undefined ? <Many /> : <Batch key={as} ids={id.split(',')} />;
  return <Start key={key.value} />;
}

function OneJob({ id }: { id: string }) {
  return (
    <div class="narrow stack">
      <p>
        <a href={link([])}>← {words.value.ask.back}</a>
      </p>
      <JobCard id={id} heading="h1" open />
    </div>
  );
}
