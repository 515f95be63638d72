import { useEffect, useState } from 'preact/hooks';
import { useLoad } from '../data/load.ts';
import { link } from '../data/place.ts';
import { Button } from '../parts/button.tsx';
import { Problem } from '../parts/problem.tsx';
import { count } from '../words/numbers.ts';
import { words } from '../words/words.ts';
import { AskFor } from './ask-for.tsx';
import { films } from './films.ts';
import { people } from './people.ts';
import { type Credit, CREDITS_A_PAGE, type Kind, ROLES, type Subject } from './subject.ts';

/** Who made a film, or which films somebody made: links both ways, by part. */
export function Credits({ kind, subject }: { kind: Kind; subject: Subject }) {
  const { read: w } = words.value;
  const { credits, more, left, error, busy } = useAll(kind, subject);
  const silent = useSilent(kind, credits);
  const groups = ROLES.map((role) => ({ role, of: credits.filter((credit) => credit.role === role) }));
  return (
    <section class="card">
      <h2>{w[kind.part].credits}</h2>
      {credits.length === 0 && <p class="hint">{w[kind.part].noCredits}</p>}
      {groups
        .filter(({ of }) => of.length > 0)
        .map(({ role, of }) => (
          <section key={role} class="credits">
            <h3>{w.roles[role]}</h3>
            <ol>
              {of.map((credit, place) => (
                <Line key={`${credit.slug} ${place}`} kind={kind} credit={credit} isSilent={silent.has(credit.slug)} />
              ))}
            </ol>
          </section>
        ))}
      {error !== null && <Problem error={error} />}
      {left > 0 && (
        <Button busy={busy} onClick={more}>
          {w.moreCredits(count(left))}
        </Button>
      )}
    </section>
  );
}

/** Those that the film or person brings, and further ones page by page. */
function useAll(kind: Kind, { id, credits: first, creditsTotal, updatedAt }: Subject) {
  const [further, setFurther] = useState<Credit[]>([]);
  const [pages, setPages] = useState(1);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => (setFurther([]), setPages(1)), [id, updatedAt]);
  const more = () => {
    setBusy(true);
    setError(null);
    kind
      .credits(id, pages + 1, AbortSignal.timeout(30_000))
      .then(({ results }) => (setFurther((former) => [...former, ...results]), setPages(pages + 1)), setError)
      .finally(() => setBusy(false));
  };
  return { credits: [...first, ...further], more, left: creditsTotal - pages * CREDITS_A_PAGE, error, busy };
}

/** Which of the credits have no text, of the last hundred that were read, and of those before. */
function useSilent(kind: Kind, credits: Credit[]): Set<string> {
  const [known, setKnown] = useState(new Set<string>());
  const part = credits.slice(Math.max(0, Math.ceil(credits.length / CREDITS_A_PAGE) - 1) * CREDITS_A_PAGE);
  const { value } = useLoad(
    (signal) => (part.length === 0 ? Promise.resolve(new Set<string>()) : kind.withoutText(part, signal)),
    [part.map(({ slug }) => slug).join()],
  );
  useEffect(() => {
    if (value) setKnown((former) => new Set([...former, ...value]));
  }, [value]);
  return known;
}

function Line({ kind, credit, isSilent }: { kind: Kind; credit: Credit; isSilent: boolean }) {
  const { read: w } = words.value;
  const { slug, name, year, character } = credit;
  const other = kind.part === 'films' ? people : films;
  return (
    <li class={isSilent ? 'silent' : undefined}>
      <span class="who">
        <a href={link([other.part, slug])}>{name}</a> {year !== null && <span class="year">{year}</span>}
        {character !== null && <span class="character"> {w.as(character)}</span>}
      </span>
      {isSilent && (
        <span class="row">
          {w.noText}
          <AskFor kind={other} of={credit} label={w.askIt} name={`${w.askIt}: ${name}`} look="quiet" />
        </span>
      )}
    </li>
  );
}
