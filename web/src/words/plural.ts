/** The forms that Intl.PluralRules tells apart in the page's languages; a language has those it needs, and `other`. */
type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** A number with its noun: `plural('pl', { one: 'film', few: 'filmy', other: 'filmów' })(3)` is `3 filmy`. */
export function plural(language: string, forms: Forms): (value: number) => string {
  const rules = new Intl.PluralRules(language);
  const format = new Intl.NumberFormat(language);
  return (value) => `${format.format(value)} ${forms[rules.select(value)] ?? forms.other}`;
}
