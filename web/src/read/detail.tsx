import { ProblemError } from '../data/api.ts';
import { useLoad } from '../data/load.ts';
import { go, link, place } from '../data/place.ts';
import { key } from '../data/session.ts';
import { may } from '../data/who.ts';
import { later } from '../parts/later.tsx';
import { Loading } from '../parts/loading.tsx';
import { Badge, Notice } from '../parts/small.tsx';
import { words } from '../words/words.ts';
import { Credits } from './credits.tsx';
import { Facts } from './facts.tsx';
import { edits, seeks, useSlash } from './moment.ts';
import type { Kind, Ref, Subject } from './subject.ts';
import { Texts } from './texts.tsx';
import { ownLocale } from './tongue.ts';

const Editing = later(async () => (await import('./editing.tsx')).Editing, 0);
const Versions = later(async () => (await import('./versions.tsx')).Versions);

/** A film or a person. The address says which text is shown, and which one next to it. */
export function Detail({ kind, slug }: { kind: Kind; slug: string }) {
  const { read: w } = words.value;
  const { query } = place.value;
  const locale = query.get('locale') || ownLocale();
  const tone = query.get('tone') || 'DEFAULT';
  // What is hidden is shown to some keys alone.
  const inputs = [slug, locale, tone, key.value, edits.value];
  const read = useLoad((signal) => kind.get(slug, { locale, context_tag: tone }, signal), inputs, { keeps: true });
  useSlash(() => {
    seeks.value = true;
    go([kind.part]);
  });
  const isMissing = read.error instanceof ProblemError && read.error.status === 404;
  return (
    <>
      <nav class="crumb">
        <a href={link([kind.part])}>← {w[kind.part].all}</a>
      </nav>
      {isMissing ? (
        <Missing kind={kind} slug={slug} />
      ) : (
        <Loading of={read} lines={14}>
          {(subject) => <Whole kind={kind} subject={subject} wanted={{ locale, context_tag: tone }} />}
        </Loading>
      )}
    </>
  );
}

interface WholeProps {
  kind: Kind;
  subject: Subject;
  wanted: { locale: string; context_tag: string };
}

function Whole({ kind, subject, wanted }: WholeProps) {
  return (
    <>
      <Head kind={kind} subject={subject} />
      {may('edit') && (
        <div class="tools-row">
          <Editing kind={kind} subject={subject} wanted={wanted} />
        </div>
      )}
      <div class="whole">
        <div class="stack">
          <Texts kind={kind} subject={subject} wanted={wanted} />
          {place.value.query.has('versions') && subject.text && (
            <Versions kind={kind} subject={subject} variant={subject.text} />
          )}
        </div>
        <div class="stack">
          <Facts kind={kind} subject={subject} />
          <Credits kind={kind} subject={subject} />
        </div>
      </div>
    </>
  );
}

function Head({ kind, subject }: { kind: Kind; subject: Subject }) {
  const { read: w } = words.value;
  const { name, localized, original, otherNames, year, hidden, factsOrigin, ambiguous, alternatives } = subject;
  const called = [...new Set([localized === null ? null : name, ...otherNames])].filter((one) => one !== null);
  return (
    <header class="title">
      <h1>
        {localized ?? name} {year !== null && <span class="year">{year}</span>}
      </h1>
      <p class="row">
        {hidden && <Badge tint="warn">{w.hidden}</Badge>}
        {factsOrigin === 'HUMAN' && <Badge tint="good">{w.edited}</Badge>}
        {original !== null && (
          <span>
            {w.originalTitle}: <em>{original}</em>
          </span>
        )}
        {called.length > 0 && (
          <span>
            {w.otherTitles}: {called.join(', ')}
          </span>
        )}
      </p>
      {hidden && <Notice tint="warn">{w[kind.part].hiddenWhy}</Notice>}
      {ambiguous && (
        <Notice tint="wait">
          {w[kind.part].ambiguous} <Refs kind={kind} refs={alternatives} />
        </Notice>
      )}
    </header>
  );
}

function Refs({ kind, refs }: { kind: Kind; refs: Ref[] }) {
  return (
    <ul class="inline">
      {refs.map(({ slug, name, year }) => (
        <li key={slug}>
          <a href={link([kind.part, slug])}>
            {name} {year !== null && `(${year})`}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** Words of a slug, and the year at its end. An id of elsewhere or of ours says nothing. */
function guessed(slug: string): { name: string; year: string | undefined } | null {
  if (slug.includes(':') || /^[0-9a-f]{8}-/.test(slug)) return null;
  const [, text = slug, year] = /^(.+?)(?:-(\d{4}))?$/.exec(slug) ?? [];
  const name = text.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return { name: name.join(' '), year };
}

function Missing({ kind, slug }: { kind: Kind; slug: string }) {
  const { read: w } = words.value;
  const own = w[kind.part];
  const guess = guessed(slug);
  const asked = kind.part === 'films' ? { title: guess?.name, year: guess?.year } : { ...guess };
  return (
    <div class="empty">
      <h1>{own.missing}</h1>
      <p class="meta">
        <code>{slug}</code>
      </p>
      <p class="row center">
        {may('generate') && (
          <a class="button main" href={link([], asked)}>
            {guess ? own.askThis(guess.name) : own.ask}
          </a>
        )}
        {guess && (
          <a class="button" href={link([kind.part], { q: guess.name })}>
            {w.searchInstead}
          </a>
        )}
      </p>
    </div>
  );
}
