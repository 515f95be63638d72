import { acts, by, pauseQueue, type Queue, resumeQueue } from '../data/api.ts';
import { link } from '../data/place.ts';
import { Button } from '../parts/button.tsx';
import { Problem } from '../parts/problem.tsx';
import { Badge } from '../parts/small.tsx';
import { ago, count, decimal, seconds } from '../words/numbers.ts';
import { words } from '../words/words.ts';
import { useAct } from './act.ts';

interface QueuesProps {
  queues: readonly Queue[];
  changed: () => void;
}

export function Queues({ queues, changed }: QueuesProps) {
  return (
    <section>
      <h2>{words.value.watch.queues}</h2>
      <div class="columns queues">
        {queues.map((queue) => (
          <QueueCard key={queue.name} queue={queue} changed={changed} />
        ))}
      </div>
    </section>
  );
}

interface QueueCardProps {
  queue: Queue;
  changed: () => void;
  heading?: 'h2' | 'h3';
}

export function QueueCard({ queue, changed, heading: Heading = 'h3' }: QueueCardProps) {
  const { watch: w } = words.value;
  const { name, paused, paused_at, hold, jobs } = queue;
  const state = paused ? w.paused : hold ? w.held : w.running;
  return (
    <article class="card stack">
      <div class="row apart">
        <Heading>{w.queue[name]}</Heading>
        <Badge tint={paused ? 'wait' : hold ? 'warn' : 'good'}>{state}</Badge>
      </div>
      <dl class="figures">
        <Figure label={w.due} value={count(jobs.due)} />
        <Figure label={w.waiting} value={count(jobs.dispatched)} />
        <Figure label={w.inProgress} value={count(jobs.in_progress)} />
        <Figure label={w.delayed} value={count(jobs.delayed)} />
        <Figure label={w.failedOf} value={count(jobs.failed)} href={link(['watch', failedPlace(name)])} />
        <Figure label={w.perMinute} value={decimal(jobs.finished_per_minute)} />
      </dl>
      <p class="hint">
        {w.oldest}: {jobs.oldest_waiting_seconds === null ? w.none : seconds(jobs.oldest_waiting_seconds)}
      </p>
      {hold && !paused && (
        <p class="notice warn">
          {w.holds[hold.reason]} {hold.next_probe_at !== null && w.nextProbe(ago(hold.next_probe_at))}
          <br />
          <small lang="en">{hold.message}</small>
        </p>
      )}
      {paused_at !== null && <p class="notice wait">{w.pausedSince(ago(paused_at))}</p>}
      <Switch queue={queue} changed={changed} />
    </article>
  );
}

const failedPlace = (queue: Queue['name']) => (queue === 'webhooks' ? 'webhooks' : 'failed');

function Figure({ label, value, href }: { label: string; value: string; href?: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{href ? <a href={href}>{value}</a> : value}</dd>
    </div>
  );
}

function Switch({ queue: { name, paused }, changed }: { queue: Queue; changed: () => void }) {
  const { watch: w } = words.value;
  const { busy, error, run } = useAct();
  const turn = async () => {
    await (paused ? resumeQueue : pauseQueue)({ ...by(acts()), path: { name } });
    changed();
  };
  return (
    <>
      <div class="row switch">
        <Button busy={busy} onClick={() => run(turn)} aria-label={`${paused ? w.resume : w.pause}: ${w.queue[name]}`}>
          {paused ? w.resume : w.pause}
        </Button>
        <small class="hint">{paused ? w.resumeWhat : name === 'webhooks' ? w.pauseMessages : w.pauseWhat}</small>
      </div>
      {error !== null && <Problem error={error} />}
    </>
  );
}
