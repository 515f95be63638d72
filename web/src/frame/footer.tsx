import { lastCurl } from '../data/api.ts';
import { Copied } from '../parts/copied.tsx';
import { words } from '../words/words.ts';

/** The command line of what the visitor did last, and where the documents are. */
export function Footer() {
  const { frame: w } = words.value;
  return (
    <footer class="foot">
      {lastCurl.value !== '' && (
        <section aria-label={w.curl}>
          <h2>{w.curl}</h2>
          <Copied code={lastCurl.value} />
        </section>
      )}
      <p class="row">
        <a href="./docs">{w.docs}</a>
        <a href="./openapi.json">{w.openapi}</a>
      </p>
    </footer>
  );
}
