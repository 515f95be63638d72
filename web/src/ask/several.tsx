import { words } from '../words/words.ts';

interface SeveralProps {
  label: string;
  add: string;
  options: { value: string; label: string }[];
  value: string[];
  /** Said in place of the choice, where the rows say it themselves. */
  own: string | undefined;
  onValue: (value: string[]) => void;
}

/** Some of many: those that are chosen can be taken away, the others stand in a list. */
export function Several({ label, add, options, value, own, onValue }: SeveralProps) {
  const { ask: w } = words.value;
  const name = (of: string) => options.find((option) => option.value === of)?.label ?? of;
  if (own) {
    return (
      <div class="field">
        <strong class="label">{label}</strong>
        <p class="hint">{own}</p>
      </div>
    );
  }
  return (
    <fieldset class="several">
      <legend>{label}</legend>
      {value.map((one) => (
        <button
          key={one}
          type="button"
          class="chip on"
          aria-label={w.without(name(one))}
          onClick={() => onValue(value.filter((other) => other !== one))}
        >
          {name(one)} <span aria-hidden="true">✕</span>
        </button>
      ))}
      <select aria-label={add} value="" onChange={(event) => onValue([...value, event.currentTarget.value])}>
        <option value="">{add}</option>
        {options
          .filter((option) => !value.includes(option.value))
          .map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
      </select>
    </fieldset>
  );
}
