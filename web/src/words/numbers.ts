import { language } from './words.ts';

/** Numbers, times and plurals as the page's language writes them. */

export const count = (value: number) => new Intl.NumberFormat(language.value).format(value);

export const decimal = (value: number, digits = 1) =>
  new Intl.NumberFormat(language.value, { maximumFractionDigits: digits }).format(value);

/** For axes: 12 thousand takes less room. */
export const compact = (value: number) =>
  new Intl.NumberFormat(language.value, { notation: 'compact', maximumFractionDigits: 1 }).format(value);

export const percent = (share: number) =>
  new Intl.NumberFormat(language.value, { style: 'percent', maximumFractionDigits: 1 }).format(share);

export const bytes = (value: number) => {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  const step = Math.min(units.length - 1, Math.floor(Math.log(Math.max(1, value)) / Math.log(1000)));
  const options = { style: 'unit', unit: units[step], unitDisplay: 'short', maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(language.value, options).format(value / 1000 ** step);
};

const STEPS = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3600 },
  { unit: 'minute', seconds: 60 },
  { unit: 'second', seconds: 1 },
] as const;

/** The largest unit of which there are two or more. */
const stepOf = (value: number) => STEPS.find(({ seconds }) => value >= 2 * seconds) ?? STEPS[3];

/** A duration in seconds. */
export const seconds = (value: number) => {
  const { unit, seconds } = stepOf(value);
  const options = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: seconds === 1 ? 1 : 0 } as const;
  return new Intl.NumberFormat(language.value, options).format(value / seconds);
};

export const dateTime = (iso: string) =>
  new Intl.DateTimeFormat(language.value, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(iso));

export const date = (iso: string) =>
  new Intl.DateTimeFormat(language.value, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(iso));

export const clock = (iso: string, withSeconds = false) =>
  new Intl.DateTimeFormat(language.value, {
    hour: '2-digit',
    minute: '2-digit',
    ...(withSeconds && { second: '2-digit' }),
  }).format(new Date(iso));

export const ago = (iso: string) => {
  const past = (new Date(iso).getTime() - Date.now()) / 1000;
  const { unit, seconds } = stepOf(Math.abs(past));
  const format = new Intl.RelativeTimeFormat(language.value, { numeric: 'auto', style: 'short' });
  return format.format(Math.round(past / seconds), unit);
};

/** Name of a language in the page's language, e.g. of `pl-PL`. */
export const languageName = (locale: string) => {
  try {
    return new Intl.DisplayNames(language.value, { type: 'language' }).of(locale) ?? locale;
  } catch {
    return locale;
  }
};
