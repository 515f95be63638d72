import { useEffect, useState } from 'preact/hooks';
import { reached } from '../data/api.ts';
import { words } from '../words/words.ts';

const SHOWN_MS = 4000;

/** Says that the server is away, and that it is back. It lies over the page, so nothing moves. */
export function Connection() {
  const { frame: w } = words.value;
  const [wasAway, setWasAway] = useState(false);
  const here = reached.value;
  useEffect(() => {
    if (!here) setWasAway(true);
    if (!here || !wasAway) return undefined;
    const timer = setTimeout(() => setWasAway(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [here, wasAway]);
  return (
    <div class="connection" role="status">
      {!here && <p class="bad">{w.away}</p>}
      {here && wasAway && <p class="good">{w.back}</p>}
    </div>
  );
}
