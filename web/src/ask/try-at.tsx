import { clock, seconds } from '../words/numbers.ts';
import { words } from '../words/words.ts';

/** When a request that came too early may be sent again. @param retryAfter seconds; `null`: the server names no time */
export function TryAt({ retryAfter }: { retryAfter: number | null }) {
  if (retryAfter === null) return null;
  const at = new Date(Date.now() + retryAfter * 1000).toISOString();
  return <p>{words.value.ask.tryAt(seconds(retryAfter), clock(at))}</p>;
}
