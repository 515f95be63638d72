import { useEffect, useRef } from 'preact/hooks';
import { useLoad } from '../data/load.ts';
import { link, place } from '../data/place.ts';
import { may } from '../data/who.ts';
import { Problem } from '../parts/problem.tsx';
import { Notice, Pager } from '../parts/small.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { words } from '../words/words.ts';
import { Card, EmptyCards } from './card.tsx';
import { films } from './films.ts';
import { edits, farewell } from './moment.ts';
import { people } from './people.ts';
import { Search } from './search.tsx';
import type { Entry, Kind, ListQuery, Results } from './subject.ts';
import { ownLocale, useGenres } from './tongue.ts';

const SORTS = ['title', 'year', 'updated'] as const;

/** A year is asked for once it is whole. */
const yearIn = (text: string | null) => (/^\d{4}$/.test(text ?? '') ? Number(text) : undefined);

function queryOf(query: URLSearchParams): ListQuery {
  return {
    q: query.get('q')?.trim() || undefined,
    year: yearIn(query.get('year')),
    genre: query.get('genre') || undefined,
    director: query.get('director')?.trim() || undefined,
    sort: SORTS.find((sort) => sort === query.get('sort')),
    page: Math.max(1, Number.parseInt(query.get('page') ?? '', 10) || 1),
    locale: ownLocale(),
  };
}

/** A page of films or people. What is shown stays until the next answer is there. */
export function List({ kind }: { kind: Kind }) {
  const query = queryOf(place.value.query);
  const genres = useGenres();
  const found = useLoad((signal) => kind.list(query, signal), [JSON.stringify(query), edits.value], { keeps: true });
  const top = useRef<HTMLHeadingElement>(null);
  const shownPage = useRef(query.page);
  useEffect(() => {
    if (shownPage.current !== query.page) top.current?.focus();
    shownPage.current = query.page;
  }, [query.page]);
  const w = words.value.read;
  const names = new Map(genres.value?.map(({ slug, name }) => [slug, name]));
  return (
    <>
      <h1>{w[kind.part].tab}</h1>
      <Kinds kind={kind} />
      <Farewell />
      <Search kind={kind} genres={genres.value ?? []} error={found.error} />
      <h2 class="hidden-text" ref={top} tabIndex={-1}>
        {w.results}
      </h2>
      <Tally kind={kind} found={found.value} typed={query.q ?? ''} loading={found.loading} />
      {found.error !== null && <Problem error={found.error} again={found.again} />}
      <div class="found" aria-busy={found.loading}>
        {found.value && found.value.results.length > 0 && (
          <ul class="cards">
            {found.value.results.map((entry) => (
              <Card key={entry.id} kind={kind} entry={entry} genres={names} />
            ))}
          </ul>
        )}
        {found.value?.results.length === 0 && <Nothing kind={kind} query={query} />}
        {!found.value && found.error === null && <EmptyCards />}
      </div>
      {found.value && <Pager page={query.page} pages={found.value.total_pages} href={pageHref(kind)} />}
    </>
  );
}

const pageHref = (kind: Kind) => (page: number) =>
  link([kind.part], { ...Object.fromEntries(place.value.query), page: page === 1 ? undefined : page });

function Kinds({ kind }: { kind: Kind }) {
  const { read: w } = words.value;
  const q = place.value.query.get('q') ?? undefined;
  return (
    <div class="gap">
      <Tabs
        label={w.lists}
        tabs={[films, people].map(({ part }) => ({
          href: link([part], { q }),
          label: w[part].tab,
          current: part === kind.part,
        }))}
      />
    </div>
  );
}

/** What was just deleted is named once. */
function Farewell() {
  const said = useRef(farewell.value);
  useEffect(() => void (farewell.value = ''), []);
  return said.current ? <Notice tint="good">{said.current}</Notice> : null;
}

interface TallyProps {
  kind: Kind;
  found: Results<Entry> | undefined;
  typed: string;
  loading: boolean;
}

/** How many there are: said aloud once an answer is there. */
function Tally({ kind, found, typed, loading }: TallyProps) {
  const { read: w } = words.value;
  const said = useRef('');
  if (found && !loading) said.current = w.found(w[kind.part].of(found.total_results), typed);
  return (
    <p class="tally" role="status">
      {said.current}
    </p>
  );
}

function Nothing({ kind, query: { q, year, genre, director } }: { kind: Kind; query: ListQuery }) {
  const { read: w } = words.value;
  const own = w[kind.part];
  const isFiltered = [q, year, genre, director].some((value) => value !== undefined);
  const asked = kind.part === 'films' ? { title: q, year } : { name: q, year };
  return (
    <div class="empty">
      <p class="big">{isFiltered ? own.none : own.empty}</p>
      {may('generate') && (
        <a class="button main" href={link([], q ? asked : {})}>
          {q ? own.askThis(q) : own.ask}
        </a>
      )}
    </div>
  );
}
