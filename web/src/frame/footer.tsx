import { lastCurl } from '../data/api.ts';
import { Copied } from '../parts/copied.tsx';
import { choose, type Language, LANGUAGES, language, words } from '../words/words.ts';
import { theme, THEMES } from './theme.ts';

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
        <span class="looks">
          <select aria-label={w.language} onChange={(event) => void choose(event.currentTarget.value as Language)}>
            {Object.entries(LANGUAGES).map(([code, name]) => (
              <option key={code} value={code} lang={code} selected={code === language.value}>
                {name}
              </option>
            ))}
          </select>
          <select aria-label={w.theme} onChange={(event) => (theme.value = event.currentTarget.value)}>
            {THEMES.map((name) => (
              <option key={name} value={name} selected={name === theme.value}>
                {w.themes[name]}
              </option>
            ))}
          </select>
        </span>
      </p>
    </footer>
  );
}
