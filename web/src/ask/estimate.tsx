import { ProblemError } from '../data/api.ts';
import { Button } from '../parts/button.tsx';
import { Problem } from '../parts/problem.tsx';
import { Bar } from '../parts/small.tsx';
import { count, decimal, seconds } from '../words/numbers.ts';
import { words } from '../words/words.ts';
import { TryAt } from './try-at.tsx';
import type { Plan, Trial } from './parts.ts';
import type { useSending } from './sending.ts';

interface AskProps {
  sending: ReturnType<typeof useSending>;
  plan: Plan;
  onAsk: () => void;
}

/** What it takes, and the button that asks for it. */
export function Ask({ sending, plan, onAsk }: AskProps) {
  const { ask: w } = words.value;
  const { busy, done, parts, estimate, error, waits } = sending;
  const refusal = error instanceof ProblemError && error.status === 429 ? error.retryAfter : null;
  return (
    <section class="card stack" aria-labelledby="estimate">
      <h2 id="estimate">{w.estimate}</h2>
      {estimate ? <Told estimate={estimate} /> : <p>{w.estimateFirst}</p>}
      {busy !== null && parts > 1 && <Bar value={done} most={parts} label={w.partsSent} />}
      {busy !== null && parts > 1 && <p>{w.partOf(done + 1, parts)}</p>}
      {waits !== undefined && (
        <p class="notice wait" role="status">
          {waits === null ? w.keptUntilAnswer : w.serverWaits(seconds(waits))}
        </p>
      )}
      {error !== null && <Problem error={error} />}
      <TryAt retryAfter={refusal} />
      <p class="row">
        {estimate && estimate.total > 0 ? (
          <Button look="main" class="large" busy={busy !== null} onClick={onAsk}>
            {busy === 'send' ? w.asking : w.askFor(estimate.total)}
          </Button>
        ) : (
          <Button look="main" class="large" busy={busy !== null} onClick={() => void sending.estimateNow(plan)}>
            {busy === 'estimate' ? w.estimating : w.estimateNow}
          </Button>
        )}
      </p>
    </section>
  );
}

function Told({ estimate: { total, estimate, ...of } }: { estimate: Trial }) {
  const { ask: w } = words.value;
  const { input_tokens, output_tokens, cost, seconds: time } = estimate;
  const tokens = input_tokens === null || output_tokens === null ? null : input_tokens + output_tokens;
  const entries: [name: string, value: string][] = [
    [w.estimateTotal, count(total)],
    [w.estimateNew, count(of.new)],
    [w.estimateJoined, count(of.joined)],
    [w.estimateReused, count(of.reused)],
    [w.estimateTokens, tokens === null ? w.unknown : count(tokens)],
    [w.estimateCost, cost === null ? w.unknown : decimal(cost, 4)],
    [w.estimateTime, time === null ? w.unknown : seconds(time)],
  ];
  return (
    <div role="status">
      <dl class="sums">
        {entries.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
