import { language } from './words.ts';

/** Numbers, times and plurals as the page's language writes them. */

export const count = (value: number) => new Intl.NumberFormat(language.value).format(value);

export const decimal = (value: number, digits = 1) =>
  new Intl.NumberFormat(language.value, { maximumFractionDigits: digits }).format(value);

export const percent = (share: number) =>
  new Intl.NumberFormat(language.value, { style: 'percent', maximumFractionDigits: 1 }).format(share);

export const bytes = (value: number) => {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  const step = Math.min(units.length - 1, Math.floor(Math.log(Math.max(1, value)) / Math.log(1000)));
  const options = { style: 'unit', unit: units[step], unitDisplay: 'short', maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(language.value, options).format(value / 1000 ** step);
};

export const seconds = (value: number) => {
  const [unit, by] =
    value < 120 ? ['second', 1] : value < 7200 ? ['minute', 60] : value < 172_800 ? ['hour', 3600] : ['day', 86_400];
  const options = {
    style: 'unit',
    unit: unit as string,
    unitDisplay: 'short',
    maximumFractionDigits: by === 1 ? 1 : 0,
  } as const;
  return new Intl.NumberFormat(language.value, options).format(value / (by as number));
};

export const dateTime = (iso: string) =>
  new Intl.DateTimeFormat(language.value, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(iso));

export const date = (iso: string) =>
  new Intl.DateTimeFormat(language.value, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(iso));

export const clock = (iso: string) =>
  new Intl.DateTimeFormat(language.value, { hour: '2-digit', minute: '2-digit' }).format(new Date(iso));

export const ago = (iso: string) => {
  const past = (new Date(iso).getTime() - Date.now()) / 1000;
  const [unit, by] =
    Math.abs(past) < 60
      ? ['second', 1]
      : Math.abs(past) < 3600
        ? ['minute', 60]
        : Math.abs(past) < 86_400
          ? ['hour', 3600]
          : ['day', 86_400];
  const format = new Intl.RelativeTimeFormat(language.value, { numeric: 'auto', style: 'short' });
  return format.format(Math.round(past / (by as number)), unit as Intl.RelativeTimeFormatUnit);
};

/** Name of a language in the page's language, e.g. of `pl-PL`. */
export const languageName = (locale: string) => {
  try {
    return new Intl.DisplayNames(language.value, { type: 'language' }).of(locale) ?? locale;
  } catch {
    return locale;
  }
};
