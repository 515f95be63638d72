import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface FieldProps {
  label: string;
  hint?: string | undefined;
  /** What the API answered to this field. */
  error?: string | undefined;
  class?: string | undefined;
}

type Described = { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean | undefined };

function Field({
  label,
  hint,
  error,
  class: more = '',
  children,
}: FieldProps & { children: (of: Described) => ComponentChildren }) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined;
  return (
    <div class={`field ${more}`}>
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': described, 'aria-invalid': error ? true : undefined })}
      {hint && (
        <small id={`${id}-hint`} class="hint">
          {hint}
        </small>
      )}
      {error && (
        <small id={`${id}-error`} class="error" role="alert">
          {error}
        </small>
      )}
    </div>
  );
}

interface Own extends FieldProps {
  value: string;
  onValue: (value: string) => void;
  placeholder?: string;
  required?: boolean;
  maxLength?: number;
  autofocus?: boolean;
}

interface TextFieldProps extends Own {
  type?: 'text' | 'search' | 'password' | 'url' | 'date';
  inputMode?: 'numeric' | 'text';
  autocomplete?: 'off' | 'on';
  spellcheck?: boolean;
  /** Id of a `datalist` with suggestions. */
  list?: string;
}

/** The types of Preact tell each kind of input apart; the attributes here suit all of them. */
export function TextField({ label, hint, error, class: more, onValue, type = 'text', ...rest }: TextFieldProps) {
  const attributes = { ...rest, type } as { value: string; type: 'text' };
  return (
    <Field {...{ label, hint, error, class: more }}>
      {(described) => <input {...attributes} {...described} onInput={(event) => onValue(event.currentTarget.value)} />}
    </Field>
  );
}

export function TextArea({
  label,
  hint,
  error,
  class: more,
  onValue,
  ...rest
}: Own & { rows?: number; lang?: string }) {
  return (
    <Field {...{ label, hint, error, class: more }}>
      {(described) => <textarea {...rest} {...described} onInput={(event) => onValue(event.currentTarget.value)} />}
    </Field>
  );
}

interface Option {
  value: string;
  label: string;
}

type SelectProps = Omit<Own, 'placeholder' | 'maxLength'> & { options: readonly Option[] };

export function SelectField({ label, hint, error, class: more, onValue, options, value, ...rest }: SelectProps) {
  return (
    <Field {...{ label, hint, error, class: more }}>
      {(described) => (
        <select {...rest} {...described} onChange={(event) => onValue(event.currentTarget.value)}>
          {options.map((option) => (
            <option key={option.value} value={option.value} selected={option.value === value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface ChoiceProps {
  label: string;
  options: readonly Option[];
  value: string;
  onValue: (value: string) => void;
}

/** One of few: radio buttons that look like one bar. */
export function Choice({ label, options, value, onValue }: ChoiceProps) {
  const name = useId();
  return (
    <fieldset class="choice">
      <legend>{label}</legend>
      {options.map((option) => (
        <label key={option.value}>
          <input type="radio" name={name} checked={option.value === value} onChange={() => onValue(option.value)} />
          <span>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}

export function Check({
  label,
  checked,
  onValue,
}: {
  label: string;
  checked: boolean;
  onValue: (checked: boolean) => void;
}) {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} onChange={(event) => onValue(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}
