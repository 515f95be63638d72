import { useState } from 'preact/hooks';
import { link } from '../data/place.ts';
import { may } from '../data/who.ts';
import { SelectField } from '../parts/field.tsx';
import { languageName } from '../words/numbers.ts';
import { words } from '../words/words.ts';
import { AskFor } from './ask-for.tsx';
import { type Kind, sameVariant, type Subject, type Variant } from './subject.ts';
import { ownLocale, toneName, useLocales, useTones, variantName, textQuery } from './tongue.ts';

interface VariantsProps {
  kind: Kind;
  subject: Subject;
}

/** Which texts there are, by language and tone. Those that are missing can be asked for. */
export function Variants({ kind, subject }: VariantsProps) {
  const { read: w } = words.value;
  const tones = useTones().value?.map(({ context_tag }) => context_tag) ?? [];
  const { variants } = subject;
  const columns = [...new Set([...tones, ...variants.map(({ context_tag }) => context_tag)])];
  const rows = [...new Set([...variants.map(({ locale }) => locale), ownLocale()])];
  return (
    <section class="card variants">
      <h2>{w.there}</h2>
      <div class="scroll" tabIndex={0} role="group" aria-label={w.thereIs}>
        <table>
          <caption class="hidden-text">{w.thereIs}</caption>
          <thead>
            <tr>
              <th scope="col">{w.languageHead}</th>
              {columns.map((tone) => (
                <th key={tone} scope="col">
                  {toneName(tone)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((locale) => (
              <tr key={locale}>
                <th scope="row">{languageName(locale)}</th>
                {columns.map((tone) => (
                  <td key={tone}>
                    <Cell kind={kind} subject={subject} variant={{ locale, context_tag: tone }} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {may('generate') && <Another kind={kind} subject={subject} tones={columns} taken={rows} />}
    </section>
  );
}

function Cell({ kind, subject, variant }: VariantsProps & { variant: Variant }) {
  const { read: w } = words.value;
  const there = subject.variants.find((one) => sameVariant(one, variant));
  if (!there)
    return may('generate') ? (
      <AskFor
        kind={kind}
        of={subject}
        variant={variant}
        label={w.askIt}
        name={`${w.askIt}: ${variantName(variant)}`}
        look="quiet"
      />
    ) : (
      <span class="soft">–</span>
    );
  const isShown = subject.text !== null && sameVariant(subject.text, variant);
  return (
    <a
      class="cell"
      href={link([kind.part, subject.slug], textQuery(variant))}
      aria-current={isShown ? 'true' : undefined}
      aria-label={`${variantName(variant)}, ${w.version(there.version)}`}
    >
      {w.version(there.version)}
    </a>
  );
}

function Another({ kind, subject, tones, taken }: VariantsProps & { tones: string[]; taken: string[] }) {
  const { read: w } = words.value;
  const locales = (useLocales().value ?? []).map(({ locale }) => locale).filter((locale) => !taken.includes(locale));
  const [chosen, setChosen] = useState('');
  const [tone, setTone] = useState('DEFAULT');
  const locale = locales.includes(chosen) ? chosen : (locales[0] ?? '');
  const options = locales
    .map((value) => ({ value, label: languageName(value) }))
    .toSorted((one, other) => one.label.localeCompare(other.label));
  if (locale === '') return null;
  const variant = { locale: chosen || (options[0]?.value ?? locale), context_tag: tone };
  return (
    <div class="another">
      <SelectField label={w.anotherLanguage} value={variant.locale} onValue={setChosen} options={options} />
      <SelectField
        label={w.tone}
        value={tone}
        onValue={setTone}
        options={tones.map((value) => ({ value, label: toneName(value) }))}
      />
      <AskFor kind={kind} of={subject} variant={variant} label={w.askIt} name={`${w.askIt}: ${variantName(variant)}`} />
    </div>
  );
}
