import { Button } from '../parts/button.tsx';
import { Check, TextArea, TextField } from '../parts/field.tsx';
import { words } from '../words/words.ts';
import { errorsOf, type FieldsProps } from './facts-fields.ts';
import type { Actor } from './facts-typed.ts';
import { useGenres } from './tongue.ts';

/** Source: EditMovie of the API. */
const MOST = { genres: 8, cast: 50 };

export function FilmFacts({ subject, typed, set, error }: FieldsProps) {
  const { read: w } = words.value;
  // Those beyond the first hundred credits are not here, and a list that is sent replaces all.
  const isWhole = typed.cast.length <= MOST.cast && subject.creditsTotal <= subject.credits.length;
  return (
    <>
      <TextField
        label={w.title}
        value={typed.name}
        onValue={(name) => set({ name })}
        error={errorsOf(error, 'title')}
        maxLength={200}
      />
      <div class="chooser">
        <TextField
          label={w.originalTitle}
          value={typed.original}
          onValue={(original) => set({ original })}
          error={errorsOf(error, 'original_title')}
          maxLength={200}
        />
        <TextField
          label={w.films.year}
          inputMode="numeric"
          value={typed.year}
          onValue={(year) => set({ year })}
          error={errorsOf(error, 'release_year')}
        />
      </div>
      <TextArea
        label={`${w.otherTitles}, ${w.perLine}`}
        value={typed.otherNames}
        onValue={(otherNames) => set({ otherNames })}
        error={errorsOf(error, 'other_titles')}
      />
      <Genres {...{ subject, typed, set, error }} />
      {isWhole ? (
        <>
          <TextArea
            label={`${w.directors}, ${w.perLine}`}
            value={typed.directors}
            onValue={(directors) => set({ directors })}
            error={errorsOf(error, 'directors')}
          />
          <Cast cast={typed.cast} onCast={(cast) => set({ cast })} error={error} />
        </>
      ) : (
        <p class="hint">{w.castTooLong}</p>
      )}
    </>
  );
}

function Genres({ typed, set, error }: FieldsProps) {
  const { read: w } = words.value;
  const known = useGenres().value ?? [];
  const more = typed.genres.filter((slug) => !known.some((genre) => genre.slug === slug));
  const choose = (slug: string, isChosen: boolean) =>
    set({ genres: isChosen ? [...typed.genres, slug] : typed.genres.filter((other) => other !== slug) });
  const wrong = errorsOf(error, 'genres');
  return (
    <fieldset class="group">
      <legend>
        {w.genres} <span class="hint">{w.atMost(MOST.genres)}</span>
      </legend>
      <div class="checks">
        {[...known, ...more.map((slug) => ({ slug, name: slug }))].map(({ slug, name }) => (
          <Check
            key={slug}
            label={name}
            checked={typed.genres.includes(slug)}
            onValue={(isChosen) => choose(slug, isChosen)}
          />
        ))}
      </div>
      {wrong && (
        <small class="error" role="alert">
          {wrong}
        </small>
      )}
    </fieldset>
  );
}

interface CastProps {
  cast: Actor[];
  onCast: (cast: Actor[]) => void;
  error: unknown;
}

function Cast({ cast, onCast, error }: CastProps) {
  const { read: w } = words.value;
  const change = (at: number, changed: Partial<Actor>) =>
    onCast(cast.map((actor, place) => (place === at ? { ...actor, ...changed } : actor)));
  const whole = errorsOf(error, 'cast');
  return (
    <fieldset class="group">
      <legend>{w.cast}</legend>
      {cast.map((actor, at) => (
        <div key={at} class="actor">
          <TextField
            label={w.castName}
            value={actor.name}
            onValue={(name) => change(at, { name })}
            error={errorsOf(error, `cast/${at}/name`)}
            maxLength={200}
          />
          <TextField
            label={w.castCharacter}
            value={actor.character}
            onValue={(character) => change(at, { character })}
            error={errorsOf(error, `cast/${at}/character`)}
            maxLength={200}
          />
          <Button
            look="quiet"
            aria-label={w.removeActor(actor.name)}
            onClick={() => onCast(cast.filter((_, place) => place !== at))}
          >
            ✕
          </Button>
        </div>
      ))}
      {whole && cast.length === 0 && (
        <small class="error" role="alert">
          {whole}
        </small>
      )}
      {cast.length < MOST.cast && (
        <Button onClick={() => onCast([...cast, { name: '', character: '' }])}>{w.addActor}</Button>
      )}
    </fieldset>
  );
}
