import type { ComponentChildren } from 'preact';
import { link } from '../data/place.ts';
import { When } from '../parts/small.tsx';
import { date } from '../words/numbers.ts';
import { words } from '../words/words.ts';
import type { Kind, Subject } from './subject.ts';
import { useGenres } from './tongue.ts';

/** In the words that TMDB's terms ask for, in every language. */
const ATTRIBUTION =
  'This product uses TMDB and the TMDB APIs but is not endorsed, certified, or otherwise approved by TMDB.';

export function Facts({ kind, subject }: { kind: Kind; subject: Subject }) {
  const { read: w } = words.value;
  const { year, birthDate, birthplace, directors, ids, factsOrigin, createdAt, updatedAt } = subject;
  const isFilm = kind.part === 'films';
  return (
    <section class="card">
      <h2>{w.facts}</h2>
      <dl class="facts">
        <Fact name={isFilm ? w.released : w.born}>{birthDate ? date(birthDate) : year}</Fact>
        <Fact name={w.birthplace}>{birthplace}</Fact>
        <Fact name={w.directors}>
          {directors.length > 0 && (
            <ul class="inline">
              {directors.map(({ id, slug, name }) => (
                <li key={id}>
                  <a href={link(['people', slug])}>{name}</a>
                </li>
              ))}
            </ul>
          )}
        </Fact>
        <Fact name={w.genres}>{subject.genres.length > 0 && <Genres subject={subject} />}</Fact>
        <Fact name={w.imdb}>{ids.imdb && <code>{ids.imdb}</code>}</Fact>
        <Fact name={w.tmdb}>{ids.tmdb && <code>{ids.tmdb}</code>}</Fact>
        <Fact name={w.factsFrom}>{w.factsOrigins[factsOrigin]}</Fact>
        <Fact name={w.added}>
          <When at={createdAt} />
        </Fact>
        <Fact name={w.changed}>
          <When at={updatedAt} />
        </Fact>
      </dl>
      {factsOrigin === 'TMDB' && (
        <p class="hint" lang="en">
          {ATTRIBUTION}
        </p>
      )}
    </section>
  );
}

/** What is not known is left out. */
function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  if (children === null || children === false || children === '') return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd dir="auto">{children}</dd>
    </div>
  );
}

function Genres({ subject }: { subject: Subject }) {
  const { value } = useGenres();
  const names = new Map(value?.map(({ slug, name }) => [slug, name]));
  return (
    <ul class="inline">
      {subject.genres.map(({ slug, name }) => (
        <li key={slug}>
          <a href={link(['films'], { genre: slug })}>{names.get(slug) ?? name}</a>
        </li>
      ))}
    </ul>
  );
}
