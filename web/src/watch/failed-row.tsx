import { useState } from 'preact/hooks';
import { acts, by, type FailedJob, forgetFailedJob, retryFailedJob } from '../data/api.ts';
import { link } from '../data/place.ts';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { Problem } from '../parts/problem.tsx';
import { Badge, When } from '../parts/small.tsx';
import { languageName } from '../words/numbers.ts';
import { words } from '../words/words.ts';
import { useAct } from './act.ts';
import type { partsOf } from './failed-query.ts';

interface FailedRowProps {
  job: FailedJob;
  parts: ReturnType<typeof partsOf>;
  isSelected: boolean;
  onSelect: (on: boolean) => void;
  /** Says what was done, and reads the list anew. */
  told: (message: string) => void;
}

export function FailedRow({ job, parts, isSelected, onSelect, told }: FailedRowProps) {
  const { watch: w, lists } = words.value;
  const { failed: f } = lists;
  const { title, year, type, message, details, isFilm, reason } = parts;
  const [forgets, setForgets] = useState(false);
  const { busy, error, run } = useAct();
  const why: Record<string, string> = f.types;
  const [locale, tag] = details;
  const path = { id: job.uuid };
  const retry = async () => {
    await retryFailedJob({ ...by(acts()), path });
    told(f.retried(1));
  };
  const forget = async () => {
    await forgetFailedJob({ ...by(acts()), path });
    told(f.forgotten(1));
  };
  return (
    <li class="card">
      <label class="pick">
        <input
          type="checkbox"
          aria-label={f.select(title)}
          checked={isSelected}
          onChange={(event) => onSelect(event.currentTarget.checked)}
        />
      </label>
      <div class="what">
        <h2>
          {title}
          {year !== null && ` (${year})`}
        </h2>
        <p>
          <Badge tint="bad">{why[type] ?? type}</Badge> {message}
        </p>
        <p class="hint">
          {isFilm ? w.kinds.MOVIE : w.kinds.PERSON}
          {locale !== undefined && ` · ${languageName(locale)}`}
          {tag !== undefined && ` · ${tag}`}
          {` · ${f.tries(job.attempts)} · `}
          <When at={job.failed_at} />
        </p>
        <details>
          <summary>{f.exception}</summary>
          {reason !== undefined && (
            <p>
              {f.said}: <q>{reason}</q>
            </p>
          )}
          <pre tabIndex={0} lang="en">
            {`${job.exception}\n\n${JSON.stringify(job.payload, null, 2)}`}
          </pre>
        </details>
        {error !== null && <Problem error={error} />}
      </div>
      <div class="row acts">
        <Button busy={busy} onClick={() => run(retry)} aria-label={`${f.retry}: ${title}`}>
          {f.retry}
        </Button>
        <Button look="quiet" onClick={() => setForgets(true)} aria-label={`${f.forget}: ${title}`}>
          {f.forget}
        </Button>
        <a class="button quiet" href={link(['jobs', job.job_id])}>
          {f.open}
        </a>
      </div>
      {forgets && (
        <Confirm title={f.forgetTitle} verb={f.forget} danger onConfirm={forget} onClose={() => setForgets(false)}>
          <p>
            <strong>{title}</strong>
          </p>
          <p>
            {f.forgetSays} {f.noUndo}
          </p>
        </Confirm>
      )}
    </li>
  );
}
