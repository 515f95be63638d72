import { words } from '../words/words.ts';
import { BatchCard } from './batch-card.tsx';
import { AskForm } from './form.tsx';
import { JobCard } from './job-card.tsx';
import { asked, batches } from './kept.ts';
import { Ways } from './ways.tsx';

/** Texts that are shown without a click; more would make a list that nobody looks through. */
const OPEN = 2;

/** The first that a visitor sees: what this is, the form, and what became of the requests of this tab. */
export function Start() {
  const { ask: w } = words.value;
  const empty = asked.value.length === 0 && batches.list.value.length === 0;
  return (
    <>
      <div class="hero">
        <h1>{w.hero}</h1>
        <p>{w.lead}</p>
      </div>
      <div class="start">
        <div class="stack">
          <Ways here="one" />
          <AskForm />
        </div>
        <div class="stack">{empty ? <HowItGoes /> : <Requests />}</div>
      </div>
    </>
  );
}

function Requests() {
  const { ask: w } = words.value;
  return (
    <>
      {batches.list.value.length > 0 && (
        <section class="stack" aria-labelledby="batches">
          <h2 id="batches">{w.batches}</h2>
          {batches.list.value.map((entry) => (
            <BatchCard key={entry} ids={entry.split(',')} />
          ))}
        </section>
      )}
      {asked.value.length > 0 && (
        <section class="stack" aria-labelledby="requests">
          <h2 id="requests">{w.requests}</h2>
          {asked.value.map(({ id }, place) => (
            <JobCard key={id} id={id} heading="h3" open={place < OPEN} />
          ))}
        </section>
      )}
    </>
  );
}

function HowItGoes() {
  const { ask: w } = words.value;
  return (
    <section class="how" aria-labelledby="how">
      <h2 id="how">{w.how}</h2>
      <ol>
        {w.steps.map(([name, text]) => (
          <li key={name}>
            <strong>{name}</strong>
            <span>{text}</span>
          </li>
        ))}
      </ol>
      <p>
        {w.docsBefore} <a href="./docs">{words.value.frame.docs}</a>
      </p>
    </section>
  );
}
