import type { Text } from '../data/api.ts';
import { useLoad } from '../data/load.ts';
import { go, link, place } from '../data/place.ts';
import { SelectField } from '../parts/field.tsx';
import { Loading } from '../parts/loading.tsx';
import { Badge, Notice, Prose, When } from '../parts/small.tsx';
import { languageName } from '../words/numbers.ts';
import { words } from '../words/words.ts';
import { AskFor } from './ask-for.tsx';
import { Author } from './card.tsx';
import { edits } from './moment.ts';
import { type Kind, sameVariant, type Subject, type Variant } from './subject.ts';
import { keyOf, textQuery, toneName, variantName, variantOf } from './tongue.ts';
import { Variants } from './variants.tsx';

interface TextsProps {
  kind: Kind;
  subject: Subject;
  wanted: Variant;
}

export function Texts({ kind, subject, wanted }: TextsProps) {
  const { read: w } = words.value;
  const { text, variants } = subject;
  if (!text) return <NoText kind={kind} subject={subject} wanted={wanted} />;
  const beside = variantOf(place.value.query.get('with') ?? '');
  const isThere = beside && variants.some((one) => sameVariant(one, beside));
  const hasVersions = place.value.query.has('versions');
  const here = ['locale', 'tone'].some((name) => place.value.query.has(name)) ? wanted : text;
  return (
    <section class="stack" aria-label={w.text}>
      {!sameVariant(text, wanted) && (
        <Notice tint="wait">
          <p>{w.insteadOf(variantName(wanted), variantName(text))}</p>
          <AskFor kind={kind} of={subject} variant={wanted} label={w.askFor(variantName(wanted))} />
        </Notice>
      )}
      {variants.length > 1 && (
        <Chooser kind={kind} subject={subject} text={text} beside={isThere ? beside : undefined} />
      )}
      <div class={isThere ? 'pair' : undefined}>
        <One text={text} />
        {isThere && <Beside kind={kind} subject={subject} variant={beside} />}
      </div>
      <Variants kind={kind} subject={subject} />
      <p>
        <a href={link([kind.part, subject.slug], textQuery(here, { versions: hasVersions ? undefined : '1' }))}>
          {hasVersions ? w.hideVersions : w.showVersions}
        </a>
      </p>
    </section>
  );
}

interface ChooserProps {
  kind: Kind;
  subject: Subject;
  text: Text;
  beside: Variant | undefined;
}

function Chooser({ kind, subject: { slug, variants }, text, beside }: ChooserProps) {
  const { read: w } = words.value;
  const options = variants.map((variant) => ({ value: keyOf(variant), label: variantName(variant) }));
  const show = (shown: Variant, other: string | undefined) =>
    go([kind.part, slug], textQuery(shown, { with: other }), { instead: true });
  return (
    <div class="chooser">
      <SelectField
        label={w.shown}
        value={keyOf(text)}
        options={options}
        onValue={(key) => show(variantOf(key) ?? text, beside && keyOf(beside))}
      />
      <SelectField
        label={w.beside}
        value={beside ? keyOf(beside) : ''}
        options={[{ value: '', label: w.alone }, ...options.filter(({ value }) => value !== keyOf(text))]}
        onValue={(key) => show(text, key || undefined)}
      />
    </div>
  );
}

function Beside({ kind, subject: { id }, variant }: { kind: Kind; subject: Subject; variant: Variant }) {
  const { locale, context_tag } = variant;
  const read = useLoad(
    (signal) => kind.get(id, { locale, context_tag }, signal),
    [id, locale, context_tag, edits.value],
  );
  return (
    <Loading of={read} lines={10}>
      {({ text }) => text && <One text={text} />}
    </Loading>
  );
}

/** A text, and who wrote it when. */
function One({ text }: { text: Text }) {
  const { read: w } = words.value;
  return (
    <article class="card text">
      <h2>
        {languageName(text.locale)} <span class="soft">{toneName(text.context_tag)}</span>
      </h2>
      <Prose text={text.text} lang={text.locale} />
      <footer class="row">
        <Badge>{w.version(text.version)}</Badge>
        <Author text={text} />
        <small class="hint">
          {text.origin === 'GENERATED' && text.ai_model !== 'mock' && `${w.writtenBy(text.ai_model ?? '?')} · `}
          {text.ai_model === 'mock' && `${w.bySample} · `}
          <When at={text.created_at} />
        </small>
      </footer>
    </article>
  );
}

function NoText({ kind, subject, wanted }: TextsProps) {
  const { read: w } = words.value;
  return (
    <section class="card empty" aria-label={w.text}>
      <p class="big">{w.noText}</p>
      <p class="hint">{w.noTextWhy}</p>
      <AskFor kind={kind} of={subject} variant={wanted} label={w.askText} look="main" />
    </section>
  );
}
