import type { Text } from '../data/api.ts';
import { link } from '../data/place.ts';
import { Badge } from '../parts/small.tsx';
import { languageName } from '../words/numbers.ts';
import { words } from '../words/words.ts';
import { type Entry, ENTRIES_A_PAGE, type Kind } from './subject.ts';

/** Characters of a text that two lines can show. */
const BEGINNING = 300;
const MOCK = 'mock';
const LANGUAGES_SHOWN = 2;

interface CardProps {
  kind: Kind;
  entry: Entry;
  /** Names of genres in the page's language. */
  genres: Map<string, string>;
}

export function Card({ kind, entry, genres }: CardProps) {
  const { read: w } = words.value;
  const { slug, name, localized, year, directors, text } = entry;
  const named = entry.genres.map((genre) => genres.get(genre.slug) ?? genre.name);
  const by = directors.length > 0 ? `${w.directedBy} ${directors.map((one) => one.name).join(', ')}` : '';
  return (
    <li class="card entry">
      <h3>
        <a href={link([kind.part, slug])}>{localized ?? name}</a> {year !== null && <span class="year">{year}</span>}
      </h3>
      <p class="meta" dir="auto">
        {[by, named.join(', ')].filter(Boolean).join(' · ')}
      </p>
      {text && (
        <>
          <p class="begin" lang={text.locale} dir="auto">
            {text.text.slice(0, BEGINNING)}
          </p>
          <p class="row marks">
            <Author text={text} />
            <Languages locales={entry.locales} />
          </p>
        </>
      )}
    </li>
  );
}

/** The first languages by name, of the others how many they are. */
function Languages({ locales }: { locales: string[] }) {
  const { read: w } = words.value;
  const names = locales.map(languageName);
  const shown = names.slice(0, LANGUAGES_SHOWN).join(', ');
  const more = names.length - LANGUAGES_SHOWN;
  return <small class="hint">{more > 0 ? `${shown} ${w.andMore(more)}` : shown}</small>;
}

/** A badge where a text is not what a model has written as usual. */
export function Author({ text }: { text: Text }) {
  const { read: w } = words.value;
  if (text.origin === 'HUMAN') return <Badge tint="good">{w.byPerson}</Badge>;
  return (
    <>
      {text.ai_model === MOCK && <Badge tint="wait">{w.sample}</Badge>}
      {text.pinned && <Badge tint="busy">{w.chosen}</Badge>}
    </>
  );
}

/** The room of a page of cards, before the first are there. */
export function EmptyCards() {
  return (
    <ul class="cards" aria-hidden="true">
      {Array.from({ length: ENTRIES_A_PAGE }, (_, place) => (
        <li key={place} class="card entry skeleton">
          <span class="line" />
          <span class="line" />
          <span class="line" />
        </li>
      ))}
    </ul>
  );
}
