import { words } from '../words/words.ts';

/** The first line: whether all is well. What is not is told by the server, in English, each with what to do. */
export function Verdict({ warnings, isDown }: { warnings: readonly string[]; isDown: boolean }) {
  const { watch: w } = words.value;
  const isWell = warnings.length === 0;
  return (
    <section class={`notice verdict ${isWell ? 'good' : isDown ? 'bad' : 'warn'}`}>
      <h2>
        <span role="status">{isWell ? w.well : w.look(warnings.length)}</span>
      </h2>
      {isWell ? (
        <p>{w.wellMore}</p>
      ) : (
        <ul lang="en">
          {warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
